"""Does the page of one's own domain say what was found and what to do?"""

import pytest

from portal.activity.event_types import EventType
from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import DomainClaim
from tests.tenants.domains.conftest import DOMAIN, claim, look, names, proven

__all__ = ["claim", "look", "names", "proven"]
PAGE = "/console/acme/portal/domain/"


def event_types(business):
    with use_business(business):
        return list(Entry.objects.order_by("at").values_list("event_type", flat=True))


def test_a_domain_goes_its_way_from_the_page(acme, names, staff_client):
    browser = staff_client()
    browser.post(PAGE, {"domain": DOMAIN})
    claim = DomainClaim.objects.get()
    page = browser.get(PAGE).content.decode()
    assert f"_portico.{DOMAIN}" in page
    assert claim.expected in page

    names.say(claim.record, "TXT", '"wrong"')
    page = browser.post(f"{PAGE}{claim.pk}/check/", follow=True).content.decode()
    assert "Waiting for proof" in page
    assert "Found there:" in page
    assert ">wrong<" in page

    names.say(claim.record, "TXT", f'"{claim.expected}"')
    names.say(DOMAIN, "A", "192.0.2.7")
    DomainClaim.objects.update(asked_at=None)
    page = browser.post(f"{PAGE}{claim.pk}/check/", follow=True).content.decode()
    assert "Waiting for DNS" in page
    assert "192.0.2.7" in page

    browser.post(f"{PAGE}{claim.pk}/release/")
    assert not DomainClaim.objects.exists()
    assert event_types(acme) == [EventType.DOMAIN_ADDED, EventType.DOMAIN_VERIFIED, EventType.DOMAIN_RELEASED]


@pytest.mark.parametrize("typed", ["", "acme", "acme.localhost", "<b>.example"])
def test_what_is_no_domain_is_refused_in_a_sentence(acme, staff_client, typed):
    answer = staff_client().post(PAGE, {"domain": typed})

    assert answer.status_code == 422
    assert 'id="domain-error"' in answer.content.decode()
    assert "<b>" not in answer.content.decode()


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({"trouble": "no-answer"}, "The name servers did not answer just now."),
        ({"trouble": "taken"}, "another portal is still shown at this domain"),
        ({"trouble": "proof-gone"}, "The TXT record that proves the domain is gone."),
        ({"trouble": "taken-over"}, "Another business has proven this domain"),
        ({"https": "certificate"}, "There is no valid certificate yet."),
        ({"https": "stranger"}, "Somebody else answers there."),
        ({"https": "silent"}, "Nobody answers there yet."),
        ({"txt": []}, "Found there: nothing yet."),
    ],
)
def test_every_state_has_its_words(acme, claim, staff_client, now, found, words):
    points = {"proven_at": now, "pointed_at": now} if "https" in found else {}
    DomainClaim.objects.update(found=found, checked_at=now, **points)

    assert words in staff_client().get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("found", "points", "words"),
    [
        ({"trouble": "no-answer"}, False, "have not answered for hours"),
        ({"addresses": ["192.0.2.7"]}, False, "does not lead here any more"),
        ({"https": "silent"}, True, "can’t be reached at it"),
    ],
)
def test_a_broken_domain_says_what_to_do(acme, claim, staff_client, now, found, points, words):
    facts = {"proven_at": now, "broken_at": now, "pointed_at": now if points else None}
    DomainClaim.objects.update(found=found, checked_at=now, **facts)

    page = staff_client().get(PAGE).content.decode()

    assert words in page
    assert ">Broken<" in page


def test_a_domain_is_checked_once_in_ten_seconds(acme, claim, names, staff_client, now, time_machine):
    time_machine.move_to(now, tick=False)
    browser, path = staff_client(), f"{PAGE}{claim.pk}/check/"
    browser.post(path)
    names.say(claim.record, "TXT", f'"{claim.expected}"')

    assert "Wait ten seconds" in browser.post(path, follow=True).content.decode()
    claim.refresh_from_db()
    assert claim.proven_at is None

    time_machine.shift(11)
    browser.post(path)
    claim.refresh_from_db()
    assert claim.proven_at


def test_a_business_checks_its_domains_only_so_often(acme, claim, names, staff_client, settings):
    settings.DOMAIN_CHECKS_PER_BUSINESS = "2/hour"
    browser, pages = staff_client(), []
    for _check in range(3):
        DomainClaim.objects.update(asked_at=None)
        pages.append(browser.post(f"{PAGE}{claim.pk}/check/", follow=True).content.decode())

    assert ["checked very often" in page for page in pages] == [False, False, True]
