"""Does the page say how far each code came, what is wrong, and what to do now?"""

from datetime import timedelta

import pytest

from portal.access.models import Challenge
from portal.activity.models import Entry
from portal.clients.models import Contact
from tenants.context import use_business
from tenants.models import DeliveryState, Ticket
from tests.factories import ClientFactory
from tests.portal.access.sign_in import ANA, MOBILE, current_code, make_wrong_code
from tests.portal.signin_support.conftest import HELP


@pytest.fixture
def look(staff_client, page, ana):
    """Return a function that opens Ana's page, as staff unless told otherwise."""
    return lambda role="staff": page(staff_client(role), f"{HELP}clients/{ana.pk}/")


@pytest.fixture
def press(staff_client, ana):
    """Return a function that presses a button on Ana's page and returns the answer."""

    def press(path, role="staff", **data):
        return staff_client(role).post(f"{HELP}clients/{ana.pk}/{path}", data)

    return press


def told(answer) -> str:
    """Return what the page that follows a press says on top."""
    return " ".join(str(message) for message in answer.wsgi_request._messages)


def test_nothing_happened_yet(look):
    text = look()

    assert "No attempt to sign in during the last 24 hours" in text
    assert "http://acme.localhost" in text
    assert "every 3s" not in text


def test_a_code_under_way_is_followed(look, waiting, outbox):
    waiting.ask()
    assert "Queued for sending" in look()

    outbox.deliver_due()
    text = look()
    assert "Accepted by the provider" in text
    assert 'hx-trigger="every 3s"' in text
    assert "data-remaining=" in text


def test_each_outcome_is_told_with_its_next_step(look, waiting, outbox):
    waiting.ask()
    outbox.deliver_due()

    waiting.tell(DeliveryState.DEFERRED, "greylisted")
    assert "Put off by the receiving server" in look()
    assert "asks us to come back later" in look()

    waiting.tell(DeliveryState.DELIVERED)
    assert "look in the spam folder" in look()
    assert "Their mail server took the code" in look()

    waiting.tell(DeliveryState.BOUNCED, "mailbox-full")
    assert "The mailbox is full." in look()
    assert "another address or number" in look()


def test_wrong_codes_and_the_lock_are_told(look, waiting, acme):
    challenge = waiting.ask()
    with use_business(acme):
        code = make_wrong_code(current_code(challenge))
    waiting.type(code)
    assert "4 guesses left" in look()

    for _guess in range(4):
        waiting.type(code)
    assert "Too many wrong codes" in look()
    assert "start again on the sign-in page" in look()


def test_a_code_that_was_used_ends_the_story(look, waiting, acme):
    challenge = waiting.ask()
    with use_business(acme):
        code = current_code(challenge)
    waiting.type(code)

    text = look()
    assert "Used: the code was right" in text
    assert "every 3s" not in text


def test_an_attempt_nobody_answered_expires(look, waiting, later):
    waiting.ask()
    later(timedelta(minutes=21))

    text = look()
    assert "Expired unused" in text
    assert "every 3s" not in text


def test_what_was_typed_stands_masked_beside_what_is_on_file(look, waiting):
    waiting.ask("ana@exmaple.com")

    text = look()
    assert "a•••@exmaple.com" in text
    assert "ana@exmaple.com" not in text
    assert ANA in text
    assert "which is not on file" in text


def test_what_strangers_typed_that_is_nothing_like_it_is_left_out(look, waiting):
    waiting.ask("somebody@quite.different.test")
    waiting.ask("+493012345678")

    assert "quite.different" not in look()
    assert "+49" not in look()


def test_a_channel_with_nothing_on_file_is_told(look, waiting, acme):
    with use_business(acme):
        Contact.objects.filter(value=MOBILE).update(confirmed_at=None)
    waiting.ask()
    waiting.browser.post("/sign-in/resend/", {"channel": "sms"})

    assert "Nothing on file can receive a code this way." in look()


def test_staff_send_another_code_to_where_it_belongs(look, press, waiting, acme, outbox):
    challenge = waiting.ask()
    outbox.deliver_due()
    with use_business(acme):
        Challenge.objects.update(sent_at=[challenge.sent_at[0] - timedelta(seconds=30)])

    answer = press(f"attempts/{challenge.pk}/resend/", channel="email")
    outbox.deliver_due()

    assert "A new code is on its way" in told(answer)
    assert [mail["to"] for mail in outbox.sent()] == [ANA, ANA]
    assert waiting.type(outbox.code(ANA)).status_code == 302
    with use_business(acme):
        line = Entry.objects.get(event_type="access.code-resent-by-staff")
    assert (line.actor, line.actor_name) == ("staff", "Staff of Acme")


def test_staff_can_text_it_instead(press, waiting, acme, outbox):
    challenge = waiting.ask()
    outbox.deliver_due()
    with use_business(acme):
        Challenge.objects.update(sent_at=[challenge.sent_at[0] - timedelta(seconds=30)])

    press(f"attempts/{challenge.pk}/resend/", channel="sms")
    outbox.deliver_due()

    assert outbox.sent()[-1]["to"] == MOBILE


@pytest.mark.parametrize("channel", ["", "fax"])
def test_a_channel_there_is_not_is_refused(press, waiting, channel, acme):
    challenge = waiting.ask()

    assert "Choose email or text" in told(press(f"attempts/{challenge.pk}/resend/", channel=channel))
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1


def test_a_second_press_at_once_sends_nothing(press, waiting, acme):
    challenge = waiting.ask()

    assert "Give it a moment" in told(press(f"attempts/{challenge.pk}/resend/", channel="email"))
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1


def test_staff_spend_the_same_budget_as_the_client(press, waiting, acme, later, settings):
    settings.LOGIN_SENDS_PER_HOUR = 1
    challenge = waiting.ask()
    later(timedelta(minutes=1))

    assert "room again" in told(press(f"attempts/{challenge.pk}/resend/", channel="email"))
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1


def test_an_attempt_has_three_codes_whoever_sends_them(press, waiting, later, acme):
    challenge = waiting.ask()
    for _send in range(2):
        later(timedelta(minutes=1))
        press(f"attempts/{challenge.pk}/resend/", channel="email")
    later(timedelta(minutes=1))

    assert "had all its codes" in told(press(f"attempts/{challenge.pk}/resend/", channel="email"))
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 3


def test_nothing_is_sent_for_an_attempt_that_is_over(press, waiting, later):
    challenge = waiting.ask()
    later(timedelta(minutes=21))

    assert "This attempt is over" in told(press(f"attempts/{challenge.pk}/resend/", channel="email"))


def test_the_page_asks_again_and_is_told_only_what_is_new(staff_client, ana, waiting, outbox):
    browser, live = staff_client(), f"{HELP}clients/{ana.pk}/live/"
    waiting.ask()
    first = browser.get(live)
    mark = first.content.decode().partition("?seen=")[2][:16]

    assert browser.get(live, {"seen": mark}).status_code == 204
    outbox.deliver_due()
    assert browser.get(live, {"seen": mark}).status_code == 200


def test_a_call_for_support_carries_the_timeline_and_nobody_s_address(press, look, waiting, outbox, acme, ana):
    challenge = waiting.ask()
    outbox.deliver_due()
    waiting.tell(DeliveryState.BOUNCED, "blocked")

    press("ticket/")

    ticket = Ticket.objects.get()
    assert (ticket.business, ticket.client_id, ticket.state) == (acme, ana.pk, "open")
    said = f"{ticket.subject} {ticket.snapshot}"
    assert "blocked" in said
    assert "a•••@example.com" in said
    with use_business(acme):
        secrets = [ANA, MOBILE, "Ana Pereira", current_code(challenge)]
        assert Entry.objects.filter(event_type="support.ticket-opened", client=ana).count() == 1
    assert [secret for secret in secrets if secret in said] == []
    assert "A ticket was opened" in look()


def test_a_second_call_is_the_same_ticket(press):
    press("ticket/")

    assert "already has an open ticket" in told(press("ticket/"))
    assert Ticket.objects.count() == 1


def test_the_ids_of_others_open_nothing(press, staff_client, waiting, ana, acme, globex):
    challenge = waiting.ask()
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")
    with use_business(globex):
        theirs = ClientFactory(name="Theirs", email="theirs@example.com")
        ClientFactory(name="More", email="more@example.com")
        third = ClientFactory(name="Third", email="third@example.com")
    owner = staff_client("owner")
    for path in (f"clients/{bo.pk}/attempts/{challenge.pk}/resend/", f"clients/{bo.pk}/attempts/{challenge.pk}/code/"):
        assert owner.post(HELP + path, {"channel": "email"}).status_code == 404, path
    assert theirs.pk == ana.pk  # the same key is somebody else there
    for path in ("", "live/"):
        assert owner.get(f"{HELP}clients/{third.pk}/{path}").status_code == 404
    with use_business(acme):
        assert len(Challenge.objects.get().sent_at) == 1
        assert Challenge.objects.get().code_issued_at is None


@pytest.mark.parametrize(("role", "status"), [("read-only", 403), ("staff", 302), ("manager", 302)])
def test_only_those_who_may_send_do(press, waiting, role, status):
    challenge = waiting.ask()

    assert press(f"attempts/{challenge.pk}/resend/", role, channel="email").status_code == status
    assert press("ticket/", role).status_code == status


def test_a_demo_client_has_no_such_page(staff_client, acme):
    with use_business(acme):
        demo = ClientFactory(name="Demo", is_demo=True)

    assert staff_client().get(f"{HELP}clients/{demo.pk}/").status_code == 404
