"""L28: which numbers a business vouches for."""

import pytest

from portal.access.sms_priorities import get_sms_priority
from portal.clients.models import ContactSource
from tenants.context import use_business
from tenants.models import SmsPriority
from tests.attacks.sms_steps import GERMAN
from tests.factories import ClientFactory, ClientSessionFactory, ContactFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE


@pytest.mark.parametrize(
    ("source", "has_used_codes", "priority"),
    [
        (ContactSource.STAFF, True, SmsPriority.ESTABLISHED),
        (ContactSource.UPLOAD, True, SmsPriority.ESTABLISHED),
        (ContactSource.STAFF, False, SmsPriority.GIVEN),
        (ContactSource.UPLOAD, False, SmsPriority.GIVEN),
        (ContactSource.CLIENT, True, SmsPriority.GIVEN),
        (ContactSource.CLIENT, False, SmsPriority.CHOSEN),
    ],
)
def test_it_depends_on_who_gave_a_number_and_whether_it_was_used(acme, source, has_used_codes, priority):
    with use_business(acme):
        client = ClientFactory(email=ANA)
        ContactFactory(client=client, value=MOBILE, source=source)
        if has_used_codes:
            ClientSessionFactory(client=client, address=MOBILE, identifier_kind="phone")

        assert get_sms_priority(MOBILE, client_id=client.pk, is_code=True) == priority
        as_notice = get_sms_priority(MOBILE, client_id=client.pk, is_code=False)
        assert as_notice == min(priority, SmsPriority.NOTICE)


def test_an_email_sign_in_establishes_no_number(acme, ana):
    with use_business(acme):
        ClientSessionFactory(client=ana, address=ANA)

        assert get_sms_priority(MOBILE, client_id=ana.pk, is_code=True) == SmsPriority.GIVEN


def test_a_number_that_nobody_has_is_chosen(acme, ana):
    with use_business(acme):
        assert get_sms_priority(GERMAN.format(1), client_id=ana.pk, is_code=True) == SmsPriority.CHOSEN


def test_a_client_from_a_form_is_refused_whoever_has_the_number(acme, ana):
    with use_business(acme):
        stranger = ClientFactory(email="mallory@example.com", source="contact-form")

        assert get_sms_priority(MOBILE, client_id=stranger.pk, is_code=True) == SmsPriority.REFUSED


def test_an_unconfirmed_claim_gives_nothing(acme):
    with use_business(acme):
        ContactFactory(client=ClientFactory(), value=MOBILE, source=ContactSource.FORM, confirmed_at=None)

        assert get_sms_priority(MOBILE, client_id=None, is_code=True) == SmsPriority.CHOSEN
