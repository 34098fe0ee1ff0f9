"""Is a domain that was live noticed when it breaks, and not before it did?"""

import pytest

from tenants import hostnames
from tenants.domains import claims
from tenants.models import DomainClaim, Hostname
from tests.tenants.domains.conftest import DOMAIN, HERE
from workers import schedule
from workers.actors.domains import recheck_domain


@pytest.fixture
def live(proven, names, look, answering) -> DomainClaim:
    """A claim that is proven, points here and is served."""
    answering()
    names.say(DOMAIN, "A", HERE)
    claim = look(proven)
    assert claim.live_at
    return claim


@pytest.fixture
def again(now, django_capture_on_commit_callbacks):
    """Return a function that looks as the schedule does, some times in a row."""

    def again(claim: DomainClaim, times: int = 1) -> DomainClaim:
        for _time in range(times):
            claim.refresh_from_db()
            with django_capture_on_commit_callbacks(execute=True):
                claims.look_again(claim=claim, now=now)
        claim.refresh_from_db()
        return claim

    return again


def away(names, claim) -> None:
    names.say(DOMAIN, "A", "192.0.2.7")


def unproven(names, claim) -> None:
    names.say(claim.record, "TXT", '"v=spf1 -all"')


def silent(names, claim) -> None:
    names.is_broken = True


def test_what_stands_is_left_as_it_is(live, again):
    claim = again(live, 4)

    assert (claim.live_at, claim.failures, claim.broken_at) == (live.live_at, 0, None)


@pytest.mark.parametrize("trouble", [away, unproven, silent])
def test_a_live_domain_is_broken_after_three_bad_looks_and_stays_served(live, names, again, trouble):
    trouble(names, live)

    claim = again(live, 2)
    assert (bool(claim.live_at), claim.failures, claim.broken_at, claim.found) == (True, 2, None, live.found)
    claim = again(claim)

    assert claim.broken_at
    assert hostnames.resolve_host(DOMAIN)


@pytest.mark.parametrize("trouble", [away, unproven, silent])
def test_a_good_look_in_between_begins_anew(live, names, again, trouble):
    trouble(names, live)
    again(live, 2)
    names.is_broken = False
    names.say(DOMAIN, "A", HERE)
    names.say(live.record, "TXT", f'"{live.expected}"')
    again(live)
    trouble(names, live)

    assert again(live, 2).broken_at is None


@pytest.mark.parametrize("trouble", [away, unproven, silent])
def test_a_broken_domain_is_whole_again_once_everything_is_there(live, names, again, look, trouble):
    trouble(names, live)
    assert again(again(live, 5)).broken_at
    names.is_broken = False
    names.say(DOMAIN, "A", HERE)
    names.say(live.record, "TXT", f'"{live.expected}"')

    claim = look(live)

    assert (claim.broken_at, claim.failures) == (None, 0)
    assert claim.live_at


def test_one_that_never_led_here_is_not_broken_by_not_leading_here(proven, names, again):
    away(names, proven)

    assert again(proven, 5).broken_at is None


def test_the_schedule_asks_for_proven_domains_of_businesses_that_exist(acme, globex, proven, names, now, redis_db):
    claims.claim(business=globex, domain="other.example", now=now)
    assert list(claims.to_look_at_again()) == [proven]
    assert schedule._enqueue_domain_rechecks()
    assert redis_db.llen("dramatiq:bulk") == 1

    acme.status = "closed"
    acme.save()

    assert list(claims.to_look_at_again()) == []


def test_a_job_looks_at_its_domain_and_one_that_is_gone_is_left_alone(proven, names):
    unproven(names, proven)
    recheck_domain.fn(claim_id=str(proven.pk))
    assert DomainClaim.objects.get().failures == 1

    DomainClaim.objects.all().delete()
    recheck_domain.fn(claim_id=str(proven.pk))


def test_what_is_released_while_somebody_looks_is_not_served(claim, names, look):
    names.say(claim.record, "TXT", f'"{claim.expected}"')
    claims.release(claim=DomainClaim.objects.get(pk=claim.pk))

    assert look(claim).proven_at is None
    assert not Hostname.objects.filter(domain=DOMAIN).exists()
