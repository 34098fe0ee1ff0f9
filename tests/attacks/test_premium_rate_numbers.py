"""L27: no text is sent to a premium-rate number."""

import pytest
from django.utils import timezone

from portal.branding.models import PortalSettings
from portal.clients.models import ContactSource
from tenants.context import use_business
from tests.factories import ClientFactory


@pytest.mark.parametrize(
    ("number", "what"),
    [
        ("+881612345678", "a satellite phone"),
        ("+882161234567", "an international network"),
        ("+979123456789", "an international premium service"),
        ("+4490012345678"[:13], "a British premium number"),
        ("+499001234567", "a German premium number"),
        ("+19005551234", "an American premium number"),
        ("+18765551234", "Jamaica, which shares America's prefix"),
        ("+12684641234", "Antigua, which shares America's prefix"),
        ("+18095551234", "the Dominican Republic, which shares America's prefix"),
        ("+252612345678", "Somalia"),
        ("+5352123456", "Cuba"),
        ("+79161234567", "Russia"),
    ],
)
def test_premium_rate_numbers_get_no_code(acme, open_visitor, outbox, number, what):
    with use_business(acme):
        ClientFactory(email="mallory@example.com", mobile=number)
    mallory = open_visitor(acme)

    mallory.request_code("mallory@example.com")
    assert mallory.resend(channel="sms").status_code == 302
    open_visitor(acme).request_code(number)
    outbox.deliver_due()

    assert [message["channel"] for message in outbox.sent()] == ["email"], what


def test_a_business_can_keep_texts_within_its_own_country(acme, open_visitor, outbox):
    with use_business(acme):
        PortalSettings.objects.update(sms_countries=["DE"])
        ClientFactory(email="one@example.com", mobile="+4915112345678")
        ClientFactory(email="two@example.com", mobile="+447700900102")
    for number in ("+4915112345678", "+447700900102"):
        open_visitor(acme).request_code(number)
    outbox.deliver_due()

    assert [message["to"] for message in outbox.sent()] == ["+4915112345678"]


def test_a_number_from_the_contact_form_gets_no_text_until_staff_confirm_it(acme, ana, open_visitor, outbox):
    from portal.clients import services as clients
    from portal.clients.identifiers import parse_identifier

    with use_business(acme):
        bo = ClientFactory(email="bo@example.com")
        number = parse_identifier("+4915112345678", country="DE")
        clients.add_contact(client=bo, identifier=number, source=ContactSource.FORM, now=timezone.now())
    victim = open_visitor(acme)
    victim.request_code("bo@example.com")

    assert victim.resend(channel="sms").status_code == 302
    assert open_visitor(acme).request_code("+4915112345678").status_code == 302
    outbox.deliver_due()

    assert [message["channel"] for message in outbox.sent()] == ["email"]


def test_the_account_page_refuses_premium_rate_numbers(acme, ana, open_visitor):
    acme_visitor = open_visitor(acme)
    acme_visitor.sign_in()

    for number in ("+18765551234", "+881612345678", "+19005551234"):
        assert acme_visitor.browser.post("/account/contact/", {"identifier": number}).status_code == 422, number
