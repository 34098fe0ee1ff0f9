"""Does an owed message reach its person, once, whatever the providers do?"""

from datetime import timedelta

import pytest

from tenants.models import Business, Channel, Delivery, DeliveryState
from tests.fakes.faults import WORK, answer, drop, hang
from workers.actors.deliveries import deliver_now

pytestmark = pytest.mark.usefixtures("sendgrid")


def state_of(delivery: Delivery) -> tuple[DeliveryState, str, str]:
    delivery.refresh_from_db()
    return DeliveryState(delivery.state), delivery.reason, delivery.provider


class Clock:
    """A clock that a test moves."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(now):
    return Clock(now)


@pytest.fixture
def quick(settings):
    """Providers get a third of a second, so that hanging ones cost a test little."""
    settings.PROVIDER_CONNECT_TIMEOUT = settings.PROVIDER_READ_TIMEOUT = timedelta(seconds=0.3)


def test_a_message_is_sent_and_its_row_message_and_timeline_say_so(acme, owe, sendgrid, message_of, timeline_of, clock):
    delivery = owe(acme)

    deliver_now(delivery.pk, clock=clock)

    [mail] = sendgrid.mails
    assert mail["personalizations"][0]["to"] == [{"email": "ana@example.com"}]
    assert mail["from"] == {"email": "portal@localhost", "name": "Acme Physiotherapy"}
    assert state_of(delivery) == (DeliveryState.ACCEPTED, "", "sendgrid")
    assert (message_of(delivery).state, timeline_of(acme)) == (DeliveryState.ACCEPTED, ["messaging.accepted"])


def test_events_can_find_their_delivery_and_nothing_in_the_mail_is_rewritten(acme, owe, sendgrid, clock):
    delivery = owe(acme)

    deliver_now(delivery.pk, clock=clock)

    [mail] = sendgrid.mails
    arguments = mail["personalizations"][0].get("custom_args", {}) | mail.get("custom_args", {})
    assert arguments == {"delivery_id": str(delivery.pk)}
    assert mail["tracking_settings"]["click_tracking"] == {"enable": False, "enable_text": False}
    assert mail["tracking_settings"]["open_tracking"]["enable"] is False


def test_a_second_bell_for_the_same_row_sends_nothing(acme, owe, sendgrid, clock):
    delivery = owe(acme)

    for _ in range(3):
        deliver_now(delivery.pk, clock=clock)

    assert len(sendgrid.mails) == 1


@pytest.mark.parametrize("fault", [answer(500), answer(503), answer(429), answer(401), answer(403)], ids=str)
def test_a_provider_in_trouble_is_passed_over_at_once(acme, owe, sendgrid, smtp, clock, fault):
    sendgrid.script.play(fault)
    delivery = owe(acme)

    deliver_now(delivery.pk, clock=clock)

    assert (len(smtp.mails), state_of(delivery)) == (1, (DeliveryState.ACCEPTED, "", "smtp"))
    assert delivery.calls == 1, "a call that was certainly not taken doesn't count"


def test_a_provider_nobody_listens_at_is_passed_over_at_once(acme, owe, sendgrid, smtp, clock):
    sendgrid.refuse()
    delivery = owe(acme)

    deliver_now(delivery.pk, clock=clock)

    assert (len(smtp.mails), state_of(delivery)) == (1, (DeliveryState.ACCEPTED, "", "smtp"))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("fault", [hang(30), drop()], ids=str)
def test_a_provider_that_falls_silent_counts_as_a_call_and_the_next_one_sends(acme, owe, sendgrid, smtp, clock, fault):
    sendgrid.script.play(fault)
    delivery = owe(acme)

    deliver_now(delivery.pk, clock=clock)

    assert (len(smtp.mails), state_of(delivery)[2], delivery.calls) == (1, "smtp", 2)


def test_a_refused_message_fails_without_another_try(acme, owe, sendgrid, smtp, clock, timeline_of):
    sendgrid.script.play(answer(400, '{"errors": [{"field": "personalizations.0.to.0.email", "message": "no"}]}'))
    delivery = owe(acme)

    deliver_now(delivery.pk, clock=clock)

    assert state_of(delivery) == (DeliveryState.FAILED, "sendgrid-invalid", "sendgrid")
    assert (len(smtp.mails), timeline_of(acme)) == (0, ["messaging.failed"])


def test_a_message_nobody_takes_waits_a_little_longer_each_time_until_its_deadline(
    acme, owe, sendgrid, clock, settings
):
    settings.BREAKER_FAILURE_THRESHOLD = 1000
    sendgrid.script.play(answer(503))
    delivery, waits = owe(acme), []

    while not (delivery.completed_at or len(waits) > 100):
        deliver_now(delivery.pk, clock=clock)
        delivery.refresh_from_db()
        waits.append((delivery.due_at - clock.now).total_seconds())
        clock.now = delivery.due_at

    assert waits[:6] == [1, 2, 4, 8, 15, 15]
    assert state_of(delivery)[:2] == (DeliveryState.EXPIRED, "expired")
    assert (delivery.completed_at, len(sendgrid.mails)) == (delivery.deadline_at, 0)


def test_nothing_is_sent_after_the_deadline(acme, owe, sendgrid, clock, timeline_of):
    delivery = owe(acme)
    clock.now = delivery.deadline_at

    deliver_now(delivery.pk, clock=clock)

    assert (sendgrid.arrived, state_of(delivery)[:2]) == ([], (DeliveryState.EXPIRED, "expired"))
    assert timeline_of(acme) == ["messaging.expired"]


@pytest.mark.usefixtures("quick")
def test_at_most_three_calls_may_reach_a_person(acme, owe, sendgrid, clock, settings):
    settings.BREAKER_FAILURE_THRESHOLD = 1000
    sendgrid.script.play(hang(30))
    delivery = owe(acme)

    for _ in range(6):
        deliver_now(delivery.pk, clock=clock)
        delivery.refresh_from_db()
        clock.now = delivery.due_at

    assert (len(sendgrid.taken), state_of(delivery)[:2]) == (3, (DeliveryState.UNCLEAR, "timeout"))
    assert delivery.completed_at is not None


@pytest.mark.usefixtures("quick")
def test_a_worker_killed_in_every_call_makes_three_at_most(acme, owe, sendgrid, clock, monkeypatch):
    delivery = owe(acme)
    monkeypatch.setattr("workers.providers.registry.ProviderChannel.send", lambda *_: (_ for _ in ()).throw(SystemExit))

    for _ in range(6):
        with pytest.raises(SystemExit):
            deliver_now(delivery.pk, clock=clock)
        delivery.refresh_from_db()
        clock.now += timedelta(seconds=16)
        if delivery.calls == 3:
            break
    deliver_now(delivery.pk, clock=clock)

    assert state_of(delivery)[0] == DeliveryState.UNCLEAR


def test_a_lease_keeps_others_away_until_it_ends(acme, owe, sendgrid, clock, now):
    from tenants import outbox

    delivery = owe(acme)

    assert outbox.claim(delivery.pk, now).attempt == 1
    assert outbox.claim(delivery.pk, now + timedelta(seconds=14)) is None
    assert outbox.claim(delivery.pk, now + timedelta(seconds=15)).attempt == 2


def test_a_worker_that_overslept_its_lease_may_neither_call_nor_settle(acme, owe, now):
    from tenants import outbox

    delivery = owe(acme)
    late = outbox.claim(delivery.pk, now)
    outbox.claim(delivery.pk, now + timedelta(seconds=15))

    assert not outbox.begin_call(late, now + timedelta(seconds=16))
    assert not outbox.complete(late, state=DeliveryState.FAILED, provider="", reason="", now=now)
    assert not outbox.reschedule(late, reason="", until=now)
    assert state_of(delivery)[0] == DeliveryState.SENDING


def test_a_message_of_a_closed_business_is_dropped(acme, owe, sendgrid, clock):
    delivery = owe(acme)
    Business.objects.filter(pk=acme.pk).update(status=Business.Status.CLOSED)

    deliver_now(delivery.pk, clock=clock)

    assert (sendgrid.arrived, state_of(delivery)[:2]) == ([], (DeliveryState.EXPIRED, "business-closed"))


def test_a_message_to_nobody_is_never_sent(acme, owe, sendgrid, clock):
    delivery = owe(acme, to="")

    deliver_now(delivery.pk, clock=clock)

    assert (sendgrid.arrived, state_of(delivery)[0]) == ([], DeliveryState.VOID)


def test_a_message_that_cannot_be_worded_fails_and_says_so(acme, owe, sendgrid, clock, monkeypatch):
    monkeypatch.setattr("portal.messaging.rendering.get_template", lambda name: 1 / 0)
    delivery = owe(acme)

    deliver_now(delivery.pk, clock=clock)

    assert state_of(delivery)[:2] == (DeliveryState.FAILED, "unrenderable")


def test_a_delivery_that_raises_is_put_back_and_ends_at_its_deadline(acme, owe, clock, monkeypatch):
    monkeypatch.setattr("workers.actors.deliveries.compose", lambda *_, **__: 1 / 0)
    delivery = owe(acme)

    with pytest.raises(ZeroDivisionError):
        deliver_now(delivery.pk, clock=clock)
    assert (state_of(delivery)[:2], delivery.due_at > clock.now) == ((DeliveryState.QUEUED, "broken"), True)

    clock.now = delivery.deadline_at
    deliver_now(delivery.pk, clock=clock)
    assert state_of(delivery)[:2] == (DeliveryState.EXPIRED, "expired")


def test_a_text_says_who_it_is_from_and_reports_to_an_address_of_its_own(acme, owe, twilio, clock, settings):
    delivery = owe(acme, to="+447700900101", channel=Channel.SMS)

    deliver_now(delivery.pk, clock=clock)

    [text] = twilio.texts
    assert (text["To"], text["From"]) == ("+447700900101", "+15005550006")
    assert 500 < int(text["ValidityPeriod"]) <= 600, "Twilio gives up when the message is of no more use"
    assert text["StatusCallback"].startswith(f"{settings.PUBLIC_URL}/hooks/twilio/{delivery.pk.hex}:")
    assert state_of(delivery) == (DeliveryState.ACCEPTED, "", "twilio")


@pytest.mark.parametrize(("number", "reason"), [("+15005550001", "twilio-21211"), ("+15005556110", "twilio-21610")])
def test_a_number_twilio_refuses_fails_with_twilios_reason(acme, owe, twilio, clock, number, reason):
    delivery = owe(acme, to=number, channel=Channel.SMS)

    deliver_now(delivery.pk, clock=clock)

    assert state_of(delivery) == (DeliveryState.FAILED, reason, "twilio")


@pytest.mark.parametrize("fault", [answer(500, "<html>"), answer(429), answer(401)], ids=str)
def test_a_twilio_in_trouble_is_asked_again_later(acme, owe, twilio, clock, fault):
    twilio.script.play(fault, WORK)
    delivery = owe(acme, to="+447700900101", channel=Channel.SMS)

    deliver_now(delivery.pk, clock=clock)
    assert state_of(delivery)[0] == DeliveryState.QUEUED
    clock.now += timedelta(seconds=2)
    deliver_now(delivery.pk, clock=clock)

    assert (len(twilio.texts), state_of(delivery)[0]) == (1, DeliveryState.ACCEPTED)


def test_waiting_is_told_once_for_each_reason(acme, owe, sendgrid, clock, timeline_of, message_of):
    sendgrid.script.play(answer(429), answer(429), answer(500), WORK)
    delivery = owe(acme)

    for _ in range(4):
        deliver_now(delivery.pk, clock=clock)
        clock.now += timedelta(seconds=20)

    assert timeline_of(acme) == ["messaging.postponed", "messaging.postponed", "messaging.accepted"]
    assert (message_of(delivery).state, message_of(delivery).reason) == (DeliveryState.ACCEPTED, "")
