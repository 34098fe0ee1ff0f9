"""A live domain is reported as broken after repeated failed checks, and not before."""

import pytest

from tenants import hostnames
from tenants.domains import custom_domains
from tenants.models import CustomDomain, PortalHostname
from tests.tenants.domains.conftest import DOMAIN, HERE
from workers import schedule
from workers.actors.domain_rechecks import recheck_domain


@pytest.fixture
def live_domain(verified_domain, dns_server, verify_domain_as_staff, start_domain_server) -> CustomDomain:
    """A domain that is verified, points here and is served."""
    start_domain_server()
    dns_server.set_record(DOMAIN, "A", HERE)
    custom_domain = verify_domain_as_staff(verified_domain)
    assert custom_domain.live_at
    return custom_domain


@pytest.fixture
def recheck_repeatedly(now, django_capture_on_commit_callbacks):
    """Return a function that checks a domain as the schedule does, several times in a row."""

    def recheck_repeatedly(custom_domain: CustomDomain, times: int = 1) -> CustomDomain:
        for _time in range(times):
            custom_domain.refresh_from_db()
            with django_capture_on_commit_callbacks(execute=True):
                custom_domains.recheck_domain(custom_domain=custom_domain, now=now)
        custom_domain.refresh_from_db()
        return custom_domain

    return recheck_repeatedly


def point_domain_elsewhere(dns_server, custom_domain) -> None:
    dns_server.set_record(DOMAIN, "A", "192.0.2.7")


def remove_txt_record(dns_server, custom_domain) -> None:
    dns_server.set_record(custom_domain.txt_name, "TXT", '"v=spf1 -all"')


def break_name_server(dns_server, custom_domain) -> None:
    dns_server.returns_servfail = True


def test_an_intact_domain_is_unchanged(live_domain, recheck_repeatedly):
    custom_domain = recheck_repeatedly(live_domain, 4)

    assert (custom_domain.live_at, custom_domain.failed_checks, custom_domain.broken_at) == (
        live_domain.live_at,
        0,
        None,
    )


@pytest.mark.parametrize("cause_problem", [point_domain_elsewhere, remove_txt_record, break_name_server])
def test_a_live_domain_is_broken_after_three_failed_checks_and_stays_served(
    live_domain, dns_server, recheck_repeatedly, cause_problem
):
    cause_problem(dns_server, live_domain)

    custom_domain = recheck_repeatedly(live_domain, 2)
    assert (
        bool(custom_domain.live_at),
        custom_domain.failed_checks,
        custom_domain.broken_at,
        custom_domain.check_result,
    ) == (True, 2, None, live_domain.check_result)
    custom_domain = recheck_repeatedly(custom_domain)

    assert custom_domain.broken_at
    assert hostnames.resolve_host(DOMAIN)


@pytest.mark.parametrize("cause_problem", [point_domain_elsewhere, remove_txt_record, break_name_server])
def test_a_successful_check_resets_the_count(live_domain, dns_server, recheck_repeatedly, cause_problem):
    cause_problem(dns_server, live_domain)
    recheck_repeatedly(live_domain, 2)
    dns_server.returns_servfail = False
    dns_server.set_record(DOMAIN, "A", HERE)
    dns_server.set_record(live_domain.txt_name, "TXT", f'"{live_domain.txt_value}"')
    recheck_repeatedly(live_domain)
    cause_problem(dns_server, live_domain)

    assert recheck_repeatedly(live_domain, 2).broken_at is None


@pytest.mark.parametrize("cause_problem", [point_domain_elsewhere, remove_txt_record, break_name_server])
def test_a_repaired_domain_is_no_longer_broken(
    live_domain, dns_server, recheck_repeatedly, verify_domain_as_staff, cause_problem
):
    cause_problem(dns_server, live_domain)
    assert recheck_repeatedly(recheck_repeatedly(live_domain, 5)).broken_at
    dns_server.returns_servfail = False
    dns_server.set_record(DOMAIN, "A", HERE)
    dns_server.set_record(live_domain.txt_name, "TXT", f'"{live_domain.txt_value}"')

    custom_domain = verify_domain_as_staff(live_domain)

    assert (custom_domain.broken_at, custom_domain.failed_checks) == (None, 0)
    assert custom_domain.live_at


def test_a_domain_that_never_pointed_here_is_not_broken(verified_domain, dns_server, recheck_repeatedly):
    point_domain_elsewhere(dns_server, verified_domain)

    assert recheck_repeatedly(verified_domain, 5).broken_at is None


def test_the_schedule_rechecks_verified_domains_of_open_businesses(
    acme, globex, verified_domain, dns_server, now, redis_db
):
    custom_domains.add_domain(business=globex, domain="other.example", now=now)
    assert list(custom_domains.list_due_for_recheck()) == [verified_domain]
    assert schedule._enqueue_domain_rechecks()
    assert redis_db.llen("dramatiq:bulk") == 1

    acme.status = "closed"
    acme.save()

    assert list(custom_domains.list_due_for_recheck()) == []


def test_a_job_checks_its_domain_and_ignores_a_deleted_one(verified_domain, dns_server):
    remove_txt_record(dns_server, verified_domain)
    recheck_domain.fn(custom_domain_id=str(verified_domain.pk))
    assert CustomDomain.objects.get().failed_checks == 1

    CustomDomain.objects.all().delete()
    recheck_domain.fn(custom_domain_id=str(verified_domain.pk))


def test_a_domain_released_during_its_check_is_not_served(custom_domain, dns_server, verify_domain_as_staff):
    dns_server.set_record(custom_domain.txt_name, "TXT", f'"{custom_domain.txt_value}"')
    custom_domains.release_domain(custom_domain=CustomDomain.objects.get(pk=custom_domain.pk))

    assert verify_domain_as_staff(custom_domain).verified_at is None
    assert not PortalHostname.objects.filter(domain=DOMAIN).exists()
