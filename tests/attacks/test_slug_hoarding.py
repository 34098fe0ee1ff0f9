"""T9: one business takes only so many slugs, one after another with a wait, and returns to its own at any time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from tenants import hostnames
from tenants.hostnames import SlugRejected, change_slug
from tenants.models import PortalHostname
from tests.attacks.concurrent_tasks import run_concurrently

FORM = "/console/acme/portal/address/"


@pytest.fixture
def now() -> datetime:
    """An instant after the businesses were created, on a full second."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


def list_slugs(business) -> list[str]:
    return sorted(PortalHostname.objects.filter(business=business, slug__isnull=False).values_list("slug", flat=True))


def take_all_slugs(business, now: datetime) -> datetime:
    """Take as many slugs as a business may, a day apart; return the day after the last."""
    for number in range(9):
        change_slug(business=business, slug=f"acme-{number}", now=now)
        now += timedelta(days=1)
    return now


def test_the_eleventh_slug_of_a_business_is_refused_for_ever(acme, now):
    later = take_all_slugs(acme, now) + timedelta(days=3650)

    with pytest.raises(SlugRejected, match="maximum of 10 addresses"):
        change_slug(business=acme, slug="acme-more", now=later)

    assert len(list_slugs(acme)) == 10
    assert hostnames.get_current_slug(acme) == "acme-8"


def test_every_slug_that_a_business_had_still_redirects_at_the_limit(acme, now, portal_client):
    take_all_slugs(acme, now)
    hostnames.invalidate_host_cache()

    browser = portal_client(acme)
    for slug in list_slugs(acme)[:-1]:
        answer = browser.get("/sign-in/", headers={"host": f"{slug}.localhost"})
        assert (answer.status_code, answer.headers["Location"]) == (308, "http://acme-8.localhost:8000/sign-in/"), slug


def test_a_business_returns_to_a_former_slug_at_the_limit_and_without_waiting(acme, now):
    later = take_all_slugs(acme, now)

    for slug in ("acme", "acme-3", "acme", "acme-8"):
        change_slug(business=acme, slug=slug, now=later)
        assert hostnames.get_current_slug(acme) == slug
    assert len(list_slugs(acme)) == 10


def test_a_second_new_slug_has_to_wait_an_hour(acme, now):
    change_slug(business=acme, slug="acme-one", now=now)

    with pytest.raises(SlugRejected, match="another new address from"):
        change_slug(business=acme, slug="acme-two", now=now + timedelta(minutes=59))
    assert list_slugs(acme) == ["acme", "acme-one"]
    change_slug(business=acme, slug="acme-two", now=now + timedelta(hours=1))

    assert hostnames.get_current_slug(acme) == "acme-two"


def test_returning_to_a_former_slug_neither_starts_nor_shortens_the_wait(acme, now):
    change_slug(business=acme, slug="acme-one", now=now)
    change_slug(business=acme, slug="acme", now=now + timedelta(minutes=50))

    with pytest.raises(SlugRejected):
        change_slug(business=acme, slug="acme-two", now=now + timedelta(minutes=59))
    change_slug(business=acme, slug="acme-two", now=now + timedelta(hours=1))


def test_one_business_does_not_use_up_the_slugs_of_another(acme, globex, now):
    take_all_slugs(acme, now)

    change_slug(business=globex, slug="globex-new", now=now)

    assert hostnames.get_current_slug(globex) == "globex-new"


def test_of_eight_concurrent_moves_of_one_business_one_takes_a_slug(committed_db, acme, now):
    def take_slug(number: int) -> str:
        try:
            change_slug(business=acme, slug=f"acme-{number}", now=now)
        except SlugRejected:
            return "refused"
        return "moved"

    assert sorted(run_concurrently(take_slug, range(8))) == ["moved"] + ["refused"] * 7
    assert len(list_slugs(acme)) == 2


def test_the_page_says_when_another_address_is_possible_and_which_ones_are_now(acme, staff_client, time_machine):
    time_machine.move_to(datetime(2027, 1, 15, 9, 0, tzinfo=UTC), tick=False)
    browser = staff_client()
    browser.post(FORM, {"slug": "acme-one", "expected_slug": "acme"})

    page = browser.get("/console/acme-one/portal/address/").content.decode()
    check = browser.get("/console/acme-one/portal/address/check/", {"slug": "acme-two"}).content.decode()
    former = browser.get("/console/acme-one/portal/address/check/", {"slug": "acme"}).content.decode()
    refused = browser.post("/console/acme-one/portal/address/", {"slug": "acme-two", "expected_slug": "acme-one"})

    for text in (page, check, refused.content.decode()):
        assert "another new address from 15 January 2027, 11:00." in text, "in the time zone of Acme, Berlin"
    assert "Your former addresses, to which you can return:" in page
    assert "acme.localhost is available." in former
    assert refused.status_code == 422


def test_the_refusal_is_translated(acme, now):
    change_slug(business=acme, slug="acme-one", now=now)

    with translation.override("de"), pytest.raises(SlugRejected, match="Eine weitere neue Adresse"):
        change_slug(business=acme, slug="acme-two", now=now)
