"""A pending message reaches its recipient once, whatever the providers do."""

from datetime import timedelta

import pytest

from tenants.models import Business, BusinessStatus, Channel, Delivery, DeliveryState
from tests.fakes.provider_faults import NO_FAULT, drop_connection, hang_after_request, respond_with
from workers.actors.delivery_jobs import deliver_now
from workers.providers.provider_registry import ProviderWithBreaker

pytestmark = pytest.mark.usefixtures("sendgrid")


def read_delivery_state(delivery: Delivery) -> tuple[DeliveryState, str, str]:
    delivery.refresh_from_db()
    return DeliveryState(delivery.state), delivery.reason, delivery.provider


class FakeClock:
    """A clock that a test moves."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def fake_clock(now):
    return FakeClock(now)


@pytest.fixture
def short_timeouts(settings):
    """Providers get a third of a second, so that hanging ones cost a test little."""
    settings.PROVIDER_CONNECT_TIMEOUT = settings.PROVIDER_READ_TIMEOUT = timedelta(seconds=0.3)


def test_a_message_is_sent_and_delivery_message_and_timeline_record_it(
    acme, create_delivery, sendgrid, message_of, timeline_of, fake_clock
):
    delivery = create_delivery(acme)

    deliver_now(delivery.pk, clock=fake_clock)

    [mail] = sendgrid.mails
    assert mail["personalizations"][0]["to"] == [{"email": "ana@example.com"}]
    assert mail["from"] == {"email": "portal@localhost", "name": "Acme Physiotherapy"}
    assert read_delivery_state(delivery) == (DeliveryState.ACCEPTED, "", "sendgrid")
    assert (message_of(delivery).state, timeline_of(acme)) == (DeliveryState.ACCEPTED, ["messaging.accepted"])


def test_events_can_find_their_delivery_and_nothing_in_the_mail_is_rewritten(
    acme, create_delivery, sendgrid, fake_clock
):
    delivery = create_delivery(acme)

    deliver_now(delivery.pk, clock=fake_clock)

    [mail] = sendgrid.mails
    arguments = mail["personalizations"][0].get("custom_args", {}) | mail.get("custom_args", {})
    assert arguments == {"delivery_id": str(delivery.pk)}
    assert mail["tracking_settings"]["click_tracking"] == {"enable": False, "enable_text": False}
    assert mail["tracking_settings"]["open_tracking"]["enable"] is False


def test_a_second_job_for_the_same_delivery_sends_nothing(acme, create_delivery, sendgrid, fake_clock):
    delivery = create_delivery(acme)

    for _ in range(3):
        deliver_now(delivery.pk, clock=fake_clock)

    assert len(sendgrid.mails) == 1


@pytest.mark.parametrize(
    "fault", [respond_with(500), respond_with(503), respond_with(429), respond_with(401), respond_with(403)], ids=str
)
def test_a_failing_provider_is_skipped_at_once(acme, create_delivery, sendgrid, smtp, fake_clock, fault):
    sendgrid.script.set_faults(fault)
    delivery = create_delivery(acme)

    deliver_now(delivery.pk, clock=fake_clock)

    assert (len(smtp.mails), read_delivery_state(delivery)) == (1, (DeliveryState.ACCEPTED, "", "smtp"))
    assert delivery.calls == 1, "a call that was certainly not taken doesn't count"


def test_an_unreachable_provider_is_skipped_at_once(acme, create_delivery, sendgrid, smtp, fake_clock):
    sendgrid.stop_listening()
    delivery = create_delivery(acme)

    deliver_now(delivery.pk, clock=fake_clock)

    assert (len(smtp.mails), read_delivery_state(delivery)) == (1, (DeliveryState.ACCEPTED, "", "smtp"))


@pytest.mark.usefixtures("short_timeouts")
@pytest.mark.parametrize("fault", [hang_after_request(30), drop_connection()], ids=str)
def test_a_provider_timeout_counts_as_a_call_and_the_next_provider_sends(
    acme, create_delivery, sendgrid, smtp, fake_clock, fault
):
    sendgrid.script.set_faults(fault)
    delivery = create_delivery(acme)

    deliver_now(delivery.pk, clock=fake_clock)

    assert (len(smtp.mails), read_delivery_state(delivery)[2], delivery.calls) == (1, "smtp", 2)


def test_a_refused_message_fails_without_another_try(acme, create_delivery, sendgrid, smtp, fake_clock, timeline_of):
    sendgrid.script.set_faults(respond_with(400, '{"errors": [{"field": "personalizations.0.to.0.email"}]}'))
    delivery = create_delivery(acme)

    deliver_now(delivery.pk, clock=fake_clock)

    assert read_delivery_state(delivery) == (DeliveryState.FAILED, "sendgrid-invalid", "sendgrid")
    assert (len(smtp.mails), timeline_of(acme)) == (0, ["messaging.failed"])


def test_a_message_no_provider_accepts_waits_longer_each_time_until_its_deadline(
    acme, create_delivery, sendgrid, fake_clock, settings
):
    settings.BREAKER_FAILURE_THRESHOLD = 1000
    sendgrid.script.set_faults(respond_with(503))
    delivery, waits = create_delivery(acme), []

    while not (delivery.completed_at or len(waits) > 100):
        deliver_now(delivery.pk, clock=fake_clock)
        delivery.refresh_from_db()
        waits.append((delivery.due_at - fake_clock.now).total_seconds())
        fake_clock.now = delivery.due_at

    assert waits[:6] == [1, 2, 4, 8, 15, 15]
    assert read_delivery_state(delivery)[:2] == (DeliveryState.EXPIRED, "expired")
    assert (delivery.completed_at, len(sendgrid.mails)) == (delivery.deadline_at, 0)


def test_nothing_is_sent_after_the_deadline(acme, create_delivery, sendgrid, fake_clock, timeline_of):
    delivery = create_delivery(acme)
    fake_clock.now = delivery.deadline_at

    deliver_now(delivery.pk, clock=fake_clock)

    assert (sendgrid.requests, read_delivery_state(delivery)[:2]) == ([], (DeliveryState.EXPIRED, "expired"))
    assert timeline_of(acme) == ["messaging.expired"]


@pytest.mark.usefixtures("short_timeouts")
def test_at_most_three_calls_may_reach_a_person(acme, create_delivery, sendgrid, fake_clock, settings):
    settings.BREAKER_FAILURE_THRESHOLD = 1000
    sendgrid.script.set_faults(hang_after_request(30))
    delivery = create_delivery(acme)

    for _ in range(6):
        deliver_now(delivery.pk, clock=fake_clock)
        delivery.refresh_from_db()
        fake_clock.now = delivery.due_at

    assert (len(sendgrid.accepted), read_delivery_state(delivery)[:2]) == (3, (DeliveryState.UNCLEAR, "timeout"))
    assert delivery.completed_at is not None


@pytest.mark.usefixtures("short_timeouts")
def test_a_killed_worker_makes_at_most_three_calls(acme, create_delivery, sendgrid, fake_clock, monkeypatch):
    delivery = create_delivery(acme)
    monkeypatch.setattr(ProviderWithBreaker, "send", lambda *_: (_ for _ in ()).throw(SystemExit))

    for _ in range(6):
        with pytest.raises(SystemExit):
            deliver_now(delivery.pk, clock=fake_clock)
        delivery.refresh_from_db()
        fake_clock.now += timedelta(seconds=16)
        if delivery.calls == 3:
            break
    deliver_now(delivery.pk, clock=fake_clock)

    assert read_delivery_state(delivery)[0] == DeliveryState.UNCLEAR


def test_a_leased_delivery_cannot_be_claimed_until_the_lease_ends(acme, create_delivery, sendgrid, fake_clock, now):
    from tenants import outbox

    delivery = create_delivery(acme)

    assert outbox.claim_delivery(delivery.pk, now).attempt == 1
    assert outbox.claim_delivery(delivery.pk, now + timedelta(seconds=14)) is None
    assert outbox.claim_delivery(delivery.pk, now + timedelta(seconds=15)).attempt == 2


def test_a_worker_whose_lease_expired_can_neither_call_nor_complete(acme, create_delivery, now):
    from tenants import outbox

    delivery = create_delivery(acme)
    late = outbox.claim_delivery(delivery.pk, now)
    outbox.claim_delivery(delivery.pk, now + timedelta(seconds=15))

    assert not outbox.execute_update(outbox.build_call_update(late, now + timedelta(seconds=16), recipient_digest=b""))
    assert not outbox.complete_delivery(late, state=DeliveryState.FAILED, provider="", reason="", now=now)
    assert not outbox.reschedule_delivery(late, reason="", until=now)
    assert read_delivery_state(delivery)[0] == DeliveryState.SENDING


def test_a_message_of_a_closed_business_is_dropped(acme, create_delivery, sendgrid, fake_clock):
    delivery = create_delivery(acme)
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.CLOSED)

    deliver_now(delivery.pk, clock=fake_clock)

    assert (sendgrid.requests, read_delivery_state(delivery)[:2]) == ([], (DeliveryState.EXPIRED, "business-closed"))


def test_a_message_without_a_recipient_is_never_sent(acme, create_delivery, sendgrid, fake_clock):
    delivery = create_delivery(acme, to="")

    deliver_now(delivery.pk, clock=fake_clock)

    assert (sendgrid.requests, read_delivery_state(delivery)[0]) == ([], DeliveryState.VOID)


def test_a_message_that_cannot_be_rendered_fails_with_a_reason(
    acme, create_delivery, sendgrid, fake_clock, monkeypatch
):
    monkeypatch.setattr("portal.messaging.rendering.Engine.get_template", lambda engine, name: 1 / 0)
    delivery = create_delivery(acme)

    deliver_now(delivery.pk, clock=fake_clock)

    assert read_delivery_state(delivery)[:2] == (DeliveryState.FAILED, "unrenderable")


def test_a_message_whose_kind_no_noun_declares_fails_with_a_reason(acme, create_delivery, sendgrid, fake_clock):
    delivery = create_delivery(acme, kind="birthday")

    deliver_now(delivery.pk, clock=fake_clock)

    assert (sendgrid.requests, read_delivery_state(delivery)[:2]) == ([], (DeliveryState.FAILED, "unrenderable"))


def test_a_delivery_that_raises_is_rescheduled_and_ends_at_its_deadline(acme, create_delivery, fake_clock, monkeypatch):
    monkeypatch.setattr("workers.actors.delivery_jobs.compose_message", lambda *_, **__: 1 / 0)
    delivery = create_delivery(acme)

    with pytest.raises(ZeroDivisionError):
        deliver_now(delivery.pk, clock=fake_clock)
    assert read_delivery_state(delivery)[:2] == (DeliveryState.QUEUED, "broken")
    assert delivery.due_at > fake_clock.now

    fake_clock.now = delivery.deadline_at
    deliver_now(delivery.pk, clock=fake_clock)
    assert read_delivery_state(delivery)[:2] == (DeliveryState.EXPIRED, "expired")


def test_a_text_names_its_sender_and_has_its_own_callback_url(acme, create_delivery, twilio, fake_clock, settings):
    delivery = create_delivery(acme, to="+447700900101", channel=Channel.SMS)

    deliver_now(delivery.pk, clock=fake_clock)

    [text] = twilio.texts
    assert (text["To"], text["From"]) == ("+447700900101", "+15005550006")
    assert 500 < int(text["ValidityPeriod"]) <= 600, "Twilio gives up when the message is of no more use"
    assert text["StatusCallback"].startswith(f"{settings.PUBLIC_URL}/hooks/twilio/{delivery.pk.hex}:")
    assert read_delivery_state(delivery) == (DeliveryState.ACCEPTED, "", "twilio")


@pytest.mark.parametrize(("number", "reason"), [("+15005550001", "twilio-21211"), ("+15005556110", "twilio-21610")])
def test_a_number_twilio_refuses_fails_with_twilios_reason(acme, create_delivery, twilio, fake_clock, number, reason):
    delivery = create_delivery(acme, to=number, channel=Channel.SMS)

    deliver_now(delivery.pk, clock=fake_clock)

    assert read_delivery_state(delivery) == (DeliveryState.FAILED, reason, "twilio")


@pytest.mark.parametrize("fault", [respond_with(500, "<html>"), respond_with(429), respond_with(401)], ids=str)
def test_a_twilio_error_is_retried_later(acme, create_delivery, twilio, fake_clock, fault):
    twilio.script.set_faults(fault, NO_FAULT)
    delivery = create_delivery(acme, to="+447700900101", channel=Channel.SMS)

    deliver_now(delivery.pk, clock=fake_clock)
    assert read_delivery_state(delivery)[0] == DeliveryState.QUEUED
    fake_clock.now += timedelta(seconds=2)
    deliver_now(delivery.pk, clock=fake_clock)

    assert (len(twilio.texts), read_delivery_state(delivery)[0]) == (1, DeliveryState.ACCEPTED)


def test_a_deferral_is_recorded_once_per_reason(acme, create_delivery, sendgrid, fake_clock, timeline_of, message_of):
    sendgrid.script.set_faults(respond_with(429), respond_with(429), respond_with(500), NO_FAULT)
    delivery = create_delivery(acme)

    for _ in range(4):
        deliver_now(delivery.pk, clock=fake_clock)
        fake_clock.now += timedelta(seconds=20)

    assert timeline_of(acme) == ["messaging.postponed", "messaging.postponed", "messaging.accepted"]
    assert (message_of(delivery).state, message_of(delivery).reason) == (DeliveryState.ACCEPTED, "")
