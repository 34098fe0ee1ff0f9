"""Does a block that a provider put on an address show, and can only the right people have it lifted?"""

import pytest

from portal.activity.models import Entry
from portal.messaging.models import Suppression
from tenants.context import use_business
from tenants.models import DeliveryState
from tests.factories import ClientFactory
from tests.portal.access.sign_in import ANA, MOBILE
from tests.portal.signin_support.conftest import HELP


@pytest.fixture
def block(acme, waiting, outbox) -> Suppression:
    """The block that a bounce left on Ana's mailbox."""
    waiting.ask()
    outbox.deliver_due()
    waiting.tell(DeliveryState.BOUNCED, "sendgrid-bounced-address")
    with use_business(acme):
        return Suppression.objects.get()


@pytest.fixture
def clear(staff_client, ana):
    """Return a function that presses the button."""

    def clear(block, role="staff", client=ana):
        return staff_client(role).post(f"{HELP}clients/{client.pk}/suppressions/{block.pk}/removal/")

    return clear


def test_it_shows_on_top_with_why_and_what_to_do(block, staff_client, page, ana):
    text = page(staff_client(), f"{HELP}clients/{ana.pk}/")

    assert "The provider no longer sends to a•••@example.com" in text
    assert "Earlier mail to this address bounced" in text
    assert "Clear and retry" in text


def test_pressing_asks_a_worker_and_is_on_the_timeline(block, clear, acme, ana, staff_client, page):
    assert clear(block).status_code == 302

    with use_business(acme):
        block.refresh_from_db()
        line = Entry.objects.get(event_type="messaging.suppression-removal-requested")
    assert (block.removal_requested_by, block.removed_at) == ("Staff of Acme", None)
    assert (line.client_id, line.actor, line.data["contact"]) == (ana.pk, "staff", "a•••@example.com")
    assert "Lifting the block" in page(staff_client(), f"{HELP}clients/{ana.pk}/")


def test_a_stop_reply_says_what_the_client_does_and_is_lifted_at_once(acme, ana, clear, staff_client, page, now):
    with use_business(acme):
        stop = Suppression.objects.create(value=MOBILE, channel="sms", reason="twilio-21610", since=now)
    assert "text START to our number" in page(staff_client(), f"{HELP}clients/{ana.pk}/")

    clear(stop)

    with use_business(acme):
        stop.refresh_from_db()
    assert stop.removed_at
    assert "START" not in page(staff_client(), f"{HELP}clients/{ana.pk}/")


def test_nobody_without_the_permission_has_it_lifted(block, clear, acme):
    assert clear(block, "read-only").status_code == 403
    with use_business(acme):
        assert Suppression.objects.get().removal_requested_at is None


def test_a_block_on_somebody_else_s_address_is_none_of_this_card(block, clear, acme):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")

    assert clear(block, client=bo).status_code == 404
    with use_business(acme):
        assert Suppression.objects.get().removal_requested_at is None


def test_a_block_at_another_business_is_out_of_reach(clear, globex, now, ana):
    with use_business(globex):
        theirs = Suppression.objects.create(value=ANA, channel="email", reason="bounced", since=now)

    assert clear(theirs).status_code == 404
    with use_business(globex):
        assert Suppression.objects.get().removal_requested_at is None


def test_a_lifted_block_can_not_be_lifted_again(block, clear, acme, now):
    with use_business(acme):
        Suppression.objects.update(removed_at=now)

    assert clear(block).status_code == 404
