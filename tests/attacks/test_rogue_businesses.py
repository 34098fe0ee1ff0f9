"""L24, L26: businesses gone bad use up nothing that somebody has at another one, and learn nothing of it."""

from datetime import UTC, datetime

import pytest

from portal.access.services.attempt_links import create_attempt_link
from portal.access.services.staff_assistance import issue_code
from portal.clients.models import Client, Contact
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import DeliveryState
from tenants.provisioning import create_business
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, create_member
from tests.portal.access.sign_in_steps import ANA

pytestmark = pytest.mark.slow

HOUR_SECONDS = 3600


@pytest.fixture
def rogues(globex):
    """Two businesses gone bad, with Ana on their lists."""
    now = datetime.now(UTC)
    both = [globex, create_business(name="Initech", slug="initech", owner_email="owner@initech.test", now=now)]
    for rogue in both:
        with use_business(rogue):
            ClientFactory(name="Ana", email=ANA)
    return both


@pytest.fixture
def owner(acme, open_visitor):
    """Ana, who signed in at Acme with her own browser, and out again."""
    with use_business(acme):
        ClientFactory(name="Ana Pereira", email=ANA)
    visitor = open_visitor(acme)
    visitor.request_code()
    visitor.submit_code(visitor.code())
    visitor.browser.post("/sign-out/")
    return visitor


def get_mallory(business):
    member = create_member(business, "owner").person
    return StaffActor(member.pk, member.name)


def open_browser_recognised_as_ana(rogue, open_visitor):
    """Return a browser of Mallory's that signed in as Ana, by a code that he issued to himself."""
    browser, staff = open_visitor(rogue), get_mallory(rogue)
    browser.request_code(ANA)
    with use_business(rogue):
        code, _expires_at = issue_code(
            challenge_id=browser.challenge.pk, client=Client.objects.get(), staff=staff, now=datetime.now(UTC)
        )
    assert browser.submit_code(code).status_code == 302
    browser.browser.post("/sign-out/")
    return browser


def follow_link(business, visitor):
    """Have staff create a link for Ana's mailbox, and follow it."""
    staff = get_mallory(business)
    with use_business(business):
        contact = Contact.objects.get(value=ANA)
        link, _expires_at = create_attempt_link(
            business=business, client=contact.client, contact=contact, staff=staff, now=datetime.now(UTC)
        )
    return visitor.browser.post("/sign-in/start/", {"link": link})


def count_sent(outbox):
    outbox.deliver_due()
    return len(outbox.sent(to=ANA))


def test_businesses_that_make_browsers_recognised_take_no_code_from_the_owners_browser(
    rogues, owner, open_visitor, outbox, no_wait, advance_time
):
    browsers = [open_browser_recognised_as_ana(rogue, open_visitor) for rogue in rogues]
    before = count_sent(outbox)
    for _hour in range(2):
        for browser in browsers:
            for _ask in range(6):
                browser.browser.cookies.pop("challenge", None)
                browser.request_code(ANA)
        outbox.deliver_due()
        advance_time(HOUR_SECONDS + 1)
    # Each business by itself sends no more than its own limits allow.
    assert count_sent(outbox) - before == 20

    owner.request_code()

    assert count_sent(outbox) - before == 21
    assert owner.submit_code(owner.code()).status_code == 302


def test_businesses_that_create_links_take_none_from_another_one(
    acme, rogues, owner, open_visitor, outbox, no_wait, advance_time
):
    before = count_sent(outbox)
    for _hour in range(2):
        for rogue in rogues:
            for _link in range(6):
                follow_link(rogue, open_visitor(rogue))
        outbox.deliver_due()
        advance_time(HOUR_SECONDS + 1)
    assert count_sent(outbox) - before == 20

    follow_link(acme, helped := open_visitor(acme))

    assert count_sent(outbox) - before == 21
    assert helped.submit_code(helped.code()).status_code == 302


def test_a_business_can_not_tell_by_a_recognised_browser_that_somebody_signs_in_elsewhere(
    acme, rogues, owner, open_visitor, outbox, no_wait, settings
):
    """Mallory learns what becomes of his own codes, and only that."""
    settings.RECIPIENT_MESSAGES_PER_HOUR = settings.LOGIN_SENDS_PER_HOUR = 5
    browser = open_browser_recognised_as_ana(rogues[0], open_visitor)
    for _ask in range(5):
        owner.browser.cookies.pop("challenge", None)
        owner.request_code()

    browser.request_code(ANA)

    with use_business(rogues[0]):
        assert Message.objects.latest("created_at").state == DeliveryState.QUEUED
