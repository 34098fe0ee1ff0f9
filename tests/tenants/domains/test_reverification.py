"""Is a domain that was live noticed when it breaks, and not before it did?"""

import pytest

from tenants import hostnames
from tenants.domains import custom_domains
from tenants.models import CustomDomain, Hostname
from tests.tenants.domains.conftest import DOMAIN, HERE
from workers import schedule
from workers.actors.domains import recheck_domain


@pytest.fixture
def live_domain(verified_domain, names, verify, answering) -> CustomDomain:
    """A claim that is proven, points here and is served."""
    answering()
    names.set_record(DOMAIN, "A", HERE)
    custom_domain = verify(verified_domain)
    assert custom_domain.live_at
    return custom_domain


@pytest.fixture
def reverify(now, django_capture_on_commit_callbacks):
    """Return a function that looks as the schedule does, some times in a row."""

    def reverify(custom_domain: CustomDomain, times: int = 1) -> CustomDomain:
        for _time in range(times):
            custom_domain.refresh_from_db()
            with django_capture_on_commit_callbacks(execute=True):
                custom_domains.reverify(custom_domain=custom_domain, now=now)
        custom_domain.refresh_from_db()
        return custom_domain

    return reverify


def away(names, custom_domain) -> None:
    names.set_record(DOMAIN, "A", "192.0.2.7")


def unproven(names, custom_domain) -> None:
    names.set_record(custom_domain.txt_name, "TXT", '"v=spf1 -all"')


def silent(names, custom_domain) -> None:
    names.returns_servfail = True


def test_what_stands_is_left_as_it_is(live_domain, reverify):
    custom_domain = reverify(live_domain, 4)

    assert (custom_domain.live_at, custom_domain.failed_checks, custom_domain.broken_at) == (
        live_domain.live_at,
        0,
        None,
    )


@pytest.mark.parametrize("problem", [away, unproven, silent])
def test_a_live_domain_is_broken_after_three_bad_looks_and_stays_served(live_domain, names, reverify, problem):
    problem(names, live_domain)

    custom_domain = reverify(live_domain, 2)
    assert (
        bool(custom_domain.live_at),
        custom_domain.failed_checks,
        custom_domain.broken_at,
        custom_domain.check_result,
    ) == (True, 2, None, live_domain.check_result)
    custom_domain = reverify(custom_domain)

    assert custom_domain.broken_at
    assert hostnames.resolve_host(DOMAIN)


@pytest.mark.parametrize("problem", [away, unproven, silent])
def test_a_good_look_in_between_begins_anew(live_domain, names, reverify, problem):
    problem(names, live_domain)
    reverify(live_domain, 2)
    names.returns_servfail = False
    names.set_record(DOMAIN, "A", HERE)
    names.set_record(live_domain.txt_name, "TXT", f'"{live_domain.txt_value}"')
    reverify(live_domain)
    problem(names, live_domain)

    assert reverify(live_domain, 2).broken_at is None


@pytest.mark.parametrize("problem", [away, unproven, silent])
def test_a_broken_domain_is_whole_again_once_everything_is_there(live_domain, names, reverify, verify, problem):
    problem(names, live_domain)
    assert reverify(reverify(live_domain, 5)).broken_at
    names.returns_servfail = False
    names.set_record(DOMAIN, "A", HERE)
    names.set_record(live_domain.txt_name, "TXT", f'"{live_domain.txt_value}"')

    custom_domain = verify(live_domain)

    assert (custom_domain.broken_at, custom_domain.failed_checks) == (None, 0)
    assert custom_domain.live_at


def test_one_that_never_led_here_is_not_broken_by_not_leading_here(verified_domain, names, reverify):
    away(names, verified_domain)

    assert reverify(verified_domain, 5).broken_at is None


def test_the_schedule_asks_for_proven_domains_of_businesses_that_exist(
    acme, globex, verified_domain, names, now, redis_db
):
    custom_domains.add(business=globex, domain="other.example", now=now)
    assert list(custom_domains.due_for_recheck()) == [verified_domain]
    assert schedule._enqueue_domain_rechecks()
    assert redis_db.llen("dramatiq:bulk") == 1

    acme.status = "closed"
    acme.save()

    assert list(custom_domains.due_for_recheck()) == []


def test_a_job_looks_at_its_domain_and_one_that_is_gone_is_left_alone(verified_domain, names):
    unproven(names, verified_domain)
    recheck_domain.fn(custom_domain_id=str(verified_domain.pk))
    assert CustomDomain.objects.get().failed_checks == 1

    CustomDomain.objects.all().delete()
    recheck_domain.fn(custom_domain_id=str(verified_domain.pk))


def test_what_is_released_while_somebody_looks_is_not_served(custom_domain, names, verify):
    names.set_record(custom_domain.txt_name, "TXT", f'"{custom_domain.txt_value}"')
    custom_domains.release(custom_domain=CustomDomain.objects.get(pk=custom_domain.pk))

    assert verify(custom_domain).verified_at is None
    assert not Hostname.objects.filter(domain=DOMAIN).exists()
