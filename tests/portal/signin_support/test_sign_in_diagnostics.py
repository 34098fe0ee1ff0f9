"""Tests of one client's sign-in support page."""

from datetime import timedelta

import pytest

from portal.access.models import Challenge
from portal.activity.models import Entry
from portal.clients.models import Contact
from tenants.context import use_business
from tenants.models import DeliveryState, SupportTicket
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE, current_code, make_wrong_code
from tests.portal.signin_support.conftest import SUPPORT_URL


@pytest.fixture
def open_page(staff_client, read_page, ana):
    """Return a function that opens Ana's page, as staff unless told otherwise."""
    return lambda role="staff": read_page(staff_client(role), f"{SUPPORT_URL}clients/{ana.pk}/")


@pytest.fixture
def post_support_action(staff_client, ana):
    """Return a function that posts an action of Ana's page and returns the response."""

    def post_support_action(path, role="staff", **data):
        return staff_client(role).post(f"{SUPPORT_URL}clients/{ana.pk}/{path}", data)

    return post_support_action


def list_flash_messages(answer) -> str:
    """Return the messages that the next page shows."""
    return " ".join(str(message) for message in answer.wsgi_request._messages)


def test_diagnostics_without_attempts(open_page):
    text = open_page()

    assert "No sign-in attempts in the last 24 hours" in text
    assert "http://acme.localhost" in text
    assert "every 3s" not in text


def test_a_queued_code_is_shown(open_page, signing_in_client, outbox):
    signing_in_client.request_code()
    assert "Queued for sending" in open_page()

    outbox.deliver_due()
    text = open_page()
    assert "Accepted by the provider" in text
    assert 'hx-trigger="every 3s"' in text
    assert "data-remaining=" in text


def test_each_delivery_state_has_a_next_step(open_page, signing_in_client, outbox):
    signing_in_client.request_code()
    outbox.deliver_due()

    signing_in_client.report_delivery(DeliveryState.DEFERRED, "greylisted")
    assert "Delayed by the receiving server" in open_page()
    assert "asks us to try again later" in open_page()

    signing_in_client.report_delivery(DeliveryState.DELIVERED)
    assert "check the spam folder" in open_page()
    assert "Their mail server accepted the code" in open_page()

    signing_in_client.report_delivery(DeliveryState.BOUNCED, "mailbox-full")
    assert "The mailbox is full." in open_page()
    assert "a different email address or number" in open_page()


def test_wrong_codes_and_the_lock_are_shown(open_page, signing_in_client, acme):
    challenge = signing_in_client.request_code()
    with use_business(acme):
        code = make_wrong_code(current_code(challenge))
    signing_in_client.submit_code(code)
    assert "4 attempts left" in open_page()

    for _guess in range(4):
        signing_in_client.submit_code(code)
    assert "Too many wrong codes" in open_page()
    assert "start again on the sign-in page" in open_page()


def test_a_used_code_ends_the_attempt(open_page, signing_in_client, acme):
    challenge = signing_in_client.request_code()
    with use_business(acme):
        code = current_code(challenge)
    signing_in_client.submit_code(code)

    text = open_page()
    assert "Used: the code was correct" in text
    assert "every 3s" not in text


def test_an_unanswered_attempt_expires(open_page, signing_in_client, make_older):
    signing_in_client.request_code()
    make_older(timedelta(minutes=21))

    text = open_page()
    assert "Expired unused" in text
    assert "every 3s" not in text


def test_a_near_miss_is_shown_masked(open_page, signing_in_client):
    signing_in_client.request_code("ana@exmaple.com")

    text = open_page()
    assert "a•••@exmaple.com" in text
    assert "ana@exmaple.com" not in text
    assert ANA in text
    assert "which is not on file" in text


def test_dissimilar_addresses_are_left_out(open_page, signing_in_client):
    signing_in_client.request_code("somebody@quite.different.test")
    signing_in_client.request_code("+493012345678")

    assert "quite.different" not in open_page()
    assert "+49" not in open_page()


def test_a_channel_without_an_address_on_file_is_reported(open_page, signing_in_client, acme):
    with use_business(acme):
        Contact.objects.filter(value=MOBILE).update(confirmed_at=None)
    signing_in_client.request_code()
    signing_in_client.browser.post("/sign-in/resend/", {"channel": "sms"})

    assert "There is no address on file that can receive a code this way." in open_page()


def test_staff_resend_a_code_to_the_address_on_file(open_page, post_support_action, signing_in_client, acme, outbox):
    challenge = signing_in_client.request_code()
    outbox.deliver_due()
    with use_business(acme):
        Challenge.objects.update(sent_at=[challenge.sent_at[0] - timedelta(seconds=30)])

    answer = post_support_action(f"attempts/{challenge.pk}/resend/", channel="email")
    outbox.deliver_due()

    assert "A new code has been sent" in list_flash_messages(answer)
    assert [mail["to"] for mail in outbox.sent()] == [ANA, ANA]
    assert signing_in_client.submit_code(outbox.code(ANA)).status_code == 302
    with use_business(acme):
        entry = Entry.objects.get(event_type="access.code-resent-by-staff")
    assert (entry.actor, entry.actor_name) == ("staff", "Staff of Acme")


def test_staff_resend_a_code_by_text(post_support_action, signing_in_client, acme, outbox):
    challenge = signing_in_client.request_code()
    outbox.deliver_due()
    with use_business(acme):
        Challenge.objects.update(sent_at=[challenge.sent_at[0] - timedelta(seconds=30)])

    post_support_action(f"attempts/{challenge.pk}/resend/", channel="sms")
    outbox.deliver_due()

    assert outbox.sent()[-1]["to"] == MOBILE


@pytest.mark.parametrize("channel", ["", "fax"])
def test_an_unknown_channel_is_rejected(post_support_action, signing_in_client, channel, acme):
    challenge = signing_in_client.request_code()

    assert "Choose email or text" in list_flash_messages(
        post_support_action(f"attempts/{challenge.pk}/resend/", channel=channel)
    )
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1


def test_a_second_resend_at_once_sends_nothing(post_support_action, signing_in_client, acme):
    challenge = signing_in_client.request_code()

    assert "Please wait a moment" in list_flash_messages(
        post_support_action(f"attempts/{challenge.pk}/resend/", channel="email")
    )
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1


def test_staff_have_the_same_rate_limit_as_the_client(
    post_support_action, signing_in_client, acme, make_older, settings
):
    settings.LOGIN_SENDS_PER_HOUR = 1
    challenge = signing_in_client.request_code()
    make_older(timedelta(minutes=1))

    assert "Try again" in list_flash_messages(post_support_action(f"attempts/{challenge.pk}/resend/", channel="email"))
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1


def test_an_attempt_has_at_most_three_codes(post_support_action, signing_in_client, make_older, acme):
    challenge = signing_in_client.request_code()
    for _send in range(2):
        make_older(timedelta(minutes=1))
        post_support_action(f"attempts/{challenge.pk}/resend/", channel="email")
    make_older(timedelta(minutes=1))

    assert "No more codes can be sent for this attempt" in list_flash_messages(
        post_support_action(f"attempts/{challenge.pk}/resend/", channel="email")
    )
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 3


def test_no_code_is_sent_for_an_ended_attempt(post_support_action, signing_in_client, make_older):
    challenge = signing_in_client.request_code()
    make_older(timedelta(minutes=21))

    assert "This sign-in attempt has ended" in list_flash_messages(
        post_support_action(f"attempts/{challenge.pk}/resend/", channel="email")
    )


def test_polling_is_answered_only_when_something_changed(staff_client, ana, signing_in_client, outbox):
    browser, live = staff_client(), f"{SUPPORT_URL}clients/{ana.pk}/live/"
    signing_in_client.request_code()
    first = browser.get(live)
    etag = first.content.decode().partition("?seen=")[2][:16]

    assert browser.get(live, {"seen": etag}).status_code == 204
    outbox.deliver_due()
    assert browser.get(live, {"seen": etag}).status_code == 200


def test_a_ticket_holds_the_timeline_and_no_address(
    post_support_action, open_page, signing_in_client, outbox, acme, ana
):
    challenge = signing_in_client.request_code()
    outbox.deliver_due()
    signing_in_client.report_delivery(DeliveryState.BOUNCED, "blocked")

    post_support_action("ticket/")

    ticket = SupportTicket.objects.get()
    assert (ticket.business, ticket.client_id, ticket.state) == (acme, ana.pk, "open")
    text = f"{ticket.subject} {ticket.snapshot}"
    assert "blocked" in text
    assert "a•••@example.com" in text
    with use_business(acme):
        secrets = [ANA, MOBILE, "Ana Pereira", current_code(challenge)]
        assert Entry.objects.filter(event_type="support.ticket-opened", client=ana).count() == 1
    assert [secret for secret in secrets if secret in text] == []
    assert "A ticket was opened" in open_page()


def test_a_second_ticket_about_a_client_returns_the_open_one(post_support_action):
    post_support_action("ticket/")

    assert "already an open support ticket" in list_flash_messages(post_support_action("ticket/"))
    assert SupportTicket.objects.count() == 1


def test_ids_of_other_clients_and_businesses_are_not_found(
    post_support_action, staff_client, signing_in_client, ana, acme, globex
):
    challenge = signing_in_client.request_code()
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")
    with use_business(globex):
        theirs = ClientFactory(name="Theirs", email="theirs@example.com")
        ClientFactory(name="More", email="more@example.com")
        third = ClientFactory(name="Third", email="third@example.com")
    owner = staff_client("owner")
    for path in (f"clients/{bo.pk}/attempts/{challenge.pk}/resend/", f"clients/{bo.pk}/attempts/{challenge.pk}/code/"):
        assert owner.post(SUPPORT_URL + path, {"channel": "email"}).status_code == 404, path
    assert theirs.pk == ana.pk  # the same key is somebody else there
    for path in ("", "live/"):
        assert owner.get(f"{SUPPORT_URL}clients/{third.pk}/{path}").status_code == 404
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1
        assert Challenge.objects.get().code_issued_at is None


@pytest.mark.parametrize(("role", "status"), [("read-only", 403), ("staff", 302), ("manager", 302)])
def test_resending_requires_the_permission(post_support_action, signing_in_client, role, status):
    challenge = signing_in_client.request_code()

    assert post_support_action(f"attempts/{challenge.pk}/resend/", role, channel="email").status_code == status
    assert post_support_action("ticket/", role).status_code == status


def test_a_demo_client_has_no_diagnostics_page(staff_client, acme):
    with use_business(acme):
        demo = ClientFactory(name="Demo", is_demo=True)

    assert staff_client().get(f"{SUPPORT_URL}clients/{demo.pk}/").status_code == 404
