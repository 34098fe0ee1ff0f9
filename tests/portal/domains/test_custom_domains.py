"""The console's page for custom domains shows what was found and what to do."""

import pytest

from portal.activity.models import Entry
from portal.domains.kinds import PortalAddressEvent
from tenants.context import use_business
from tenants.models import CustomDomain
from tests.tenants.domains.conftest import DOMAIN, custom_domain, dns_server, verified_domain, verify_domain_as_staff

__all__ = ["custom_domain", "dns_server", "verified_domain", "verify_domain_as_staff"]
PAGE = "/console/acme/portal/domain/"


def list_event_types(business):
    with use_business(business):
        return list(Entry.objects.order_by("at").values_list("event_type", flat=True))


def test_a_domain_is_added_checked_and_released_from_the_page(acme, dns_server, staff_client):
    browser = staff_client()
    browser.post(PAGE, {"domain": DOMAIN})
    custom_domain = CustomDomain.objects.get()
    page = browser.get(PAGE).content.decode()
    assert f"_portico.{DOMAIN}" in page
    assert custom_domain.txt_value in page

    dns_server.set_record(custom_domain.txt_name, "TXT", '"wrong"')
    page = browser.post(f"{PAGE}{custom_domain.pk}/check/", follow=True).content.decode()
    assert "Waiting for verification" in page
    assert "Current records:" in page
    assert ">wrong<" in page

    dns_server.set_record(custom_domain.txt_name, "TXT", f'"{custom_domain.txt_value}"')
    dns_server.set_record(DOMAIN, "A", "192.0.2.7")
    CustomDomain.objects.update(check_requested_at=None)
    page = browser.post(f"{PAGE}{custom_domain.pk}/check/", follow=True).content.decode()
    assert "Waiting for DNS" in page
    assert "192.0.2.7" in page

    browser.post(f"{PAGE}{custom_domain.pk}/release/")
    assert not CustomDomain.objects.exists()
    assert list_event_types(acme) == [
        PortalAddressEvent.DOMAIN_ADDED,
        PortalAddressEvent.DOMAIN_VERIFIED,
        PortalAddressEvent.DOMAIN_RELEASED,
    ]


@pytest.mark.parametrize("entered", ["", "acme", "acme.localhost", "<b>.example"])
def test_an_invalid_domain_is_refused_with_a_message(acme, staff_client, entered):
    answer = staff_client().post(PAGE, {"domain": entered})

    assert answer.status_code == 422
    assert 'id="domain-error"' in answer.content.decode()
    assert "<b>" not in answer.content.decode()


@pytest.mark.parametrize(
    ("result", "expected_text"),
    [
        ({"problem": "no-answer"}, "The name servers did not respond."),
        ({"problem": "taken"}, "it still shows another portal"),
        ({"problem": "txt-missing"}, "The TXT record that verifies the domain is missing."),
        ({"problem": "verified-elsewhere"}, "Another business has verified this domain"),
        ({"https": "invalid-certificate"}, "There is no valid certificate yet."),
        ({"https": "wrong-server"}, "A different server responds."),
        ({"https": "no-response"}, "No server responds yet."),
        ({"txt": []}, "No records found yet."),
    ],
)
def test_every_domain_state_has_a_text(acme, custom_domain, staff_client, now, result, expected_text):
    points = {"verified_at": now, "dns_ready_at": now} if "https" in result else {}
    CustomDomain.objects.update(check_result=result, checked_at=now, **points)

    assert expected_text in staff_client().get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("result", "points", "expected_text"),
    [
        ({"problem": "no-answer"}, False, "have not responded for hours"),
        ({"addresses": ["192.0.2.7"]}, False, "no longer points here"),
        ({"https": "no-response"}, True, "but your portal can’t be reached"),
    ],
)
def test_a_broken_domain_shows_the_next_step(acme, custom_domain, staff_client, now, result, points, expected_text):
    fields = {"verified_at": now, "broken_at": now, "dns_ready_at": now if points else None}
    CustomDomain.objects.update(check_result=result, checked_at=now, **fields)

    page = staff_client().get(PAGE).content.decode()

    assert expected_text in page
    assert ">Not working<" in page


def test_a_domain_is_checked_once_in_ten_seconds(acme, custom_domain, dns_server, staff_client, now, time_machine):
    time_machine.move_to(now, tick=False)
    browser, path = staff_client(), f"{PAGE}{custom_domain.pk}/check/"
    browser.post(path)
    dns_server.set_record(custom_domain.txt_name, "TXT", f'"{custom_domain.txt_value}"')

    assert "Wait ten seconds" in browser.post(path, follow=True).content.decode()
    custom_domain.refresh_from_db()
    assert custom_domain.verified_at is None

    time_machine.shift(11)
    browser.post(path)
    custom_domain.refresh_from_db()
    assert custom_domain.verified_at


def test_the_domain_checks_of_a_business_are_rate_limited(acme, custom_domain, dns_server, staff_client, settings):
    settings.DOMAIN_CHECKS_PER_BUSINESS = "2/hour"
    browser, pages = staff_client(), []
    for _check in range(3):
        CustomDomain.objects.update(check_requested_at=None)
        pages.append(browser.post(f"{PAGE}{custom_domain.pk}/check/", follow=True).content.decode())

    assert ["checked very often" in page for page in pages] == [False, False, True]
