"""L28: which numbers a business vouches for."""

import pytest

from portal.access import services as access
from portal.access import sign_in_codes
from portal.access.models import Challenge
from portal.access.sms_priorities import get_sms_priority
from portal.clients.models import ContactSource
from tenants.context import use_business
from tenants.models import SmsPriority
from tenants.staff.staff_actor import StaffActor
from tests.attacks.sms_steps import GERMAN
from tests.factories import ClientFactory, ContactFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE


@pytest.mark.parametrize(
    ("source", "has_used_codes", "priority"),
    [
        (ContactSource.STAFF, True, SmsPriority.ESTABLISHED),
        (ContactSource.UPLOAD, True, SmsPriority.ESTABLISHED),
        (ContactSource.STAFF, False, SmsPriority.GIVEN),
        (ContactSource.UPLOAD, False, SmsPriority.GIVEN),
        (ContactSource.CLIENT, True, SmsPriority.USED),
        (ContactSource.CLIENT, False, SmsPriority.CHOSEN),
    ],
)
def test_it_depends_on_who_gave_a_number_and_whether_it_was_used(acme, source, has_used_codes, priority, now):
    with use_business(acme):
        client = ClientFactory(email=ANA)
        ContactFactory(client=client, value=MOBILE, source=source, code_used_at=now if has_used_codes else None)

        assert get_sms_priority(MOBILE, client_id=client.pk, is_code=True) == priority
        as_notice = get_sms_priority(MOBILE, client_id=client.pk, is_code=False)
        assert as_notice == min(priority, SmsPriority.NOTICE)


def test_a_sign_in_by_email_establishes_no_number(acme, ana, open_visitor):
    visitor = open_visitor(acme)
    visitor.request_code(ANA)
    assert visitor.submit_code(visitor.code()).status_code == 302

    with use_business(acme):
        assert get_sms_priority(MOBILE, client_id=ana.pk, is_code=True) == SmsPriority.GIVEN


def test_a_sign_in_by_text_establishes_the_number(acme, ana, open_visitor):
    visitor = open_visitor(acme)
    visitor.request_code(MOBILE)
    assert visitor.submit_code(visitor.code()).status_code == 302

    with use_business(acme):
        assert get_sms_priority(MOBILE, client_id=ana.pk, is_code=True) == SmsPriority.ESTABLISHED


def test_a_code_told_in_person_establishes_no_number(acme, ana, open_visitor, now):
    visitor = open_visitor(acme)
    visitor.request_code(MOBILE)
    with use_business(acme):
        challenge = Challenge.objects.get()
        code, _expires_at = access.issue_code(
            challenge_id=challenge.pk, client=ana, staff=StaffActor(person_id=ana.pk, name="Sabine"), now=now
        )
    assert visitor.submit_code(code).status_code == 302

    with use_business(acme):
        assert get_sms_priority(MOBILE, client_id=ana.pk, is_code=True) == SmsPriority.GIVEN


def test_a_number_that_a_client_added_is_chosen_until_they_sign_in_with_it(acme, ana, open_visitor):
    added, visitor = GERMAN.format(1), open_visitor(acme)
    visitor.request_code(ANA)
    visitor.submit_code(visitor.code())
    assert visitor.browser.post("/account/contact/", {"identifier": added}).status_code == 302
    with use_business(acme):
        challenge = Challenge.objects.get(purpose="new-contact")
        code = sign_in_codes.derive_code(challenge, 0)
    assert visitor.browser.post("/account/contact/code/", {"code": code}).status_code == 302

    with use_business(acme):
        assert get_sms_priority(added, client_id=ana.pk, is_code=True) == SmsPriority.CHOSEN


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
