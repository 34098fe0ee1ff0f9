"""Provider events reach delivery, message and timeline once, and only advance the state."""

import uuid
from datetime import timedelta

import pytest

from tenants import outbox, provider_events
from tenants.models import Delivery, DeliveryState, ProviderEvent
from workers.actors.delivery_jobs import apply_event, apply_events, deliver_now

pytestmark = pytest.mark.usefixtures("sendgrid")


@pytest.fixture
def apply_provider_event(now):
    """Return a function that stores an event and applies it."""

    def apply_provider_event(
        delivery: Delivery, state: DeliveryState, reason: str = "", *, provider: str = "sendgrid"
    ) -> None:
        [event_id] = provider_events.store_events(
            [build_provider_event(delivery, state, reason, provider=provider, now=now)]
        )
        apply_event(event_id, now=now)
        delivery.refresh_from_db()

    return apply_provider_event


def build_provider_event(delivery, state, reason="", *, provider="sendgrid", now, name=None) -> ProviderEvent:
    return ProviderEvent(
        provider=provider,
        provider_event_id=name or uuid.uuid4().hex,
        delivery_id=delivery.pk,
        state=state,
        reason=reason,
        happened_at=now,
        received_at=now,
    )


def test_a_delivered_event_updates_delivery_message_and_timeline(
    acme, create_delivery, apply_provider_event, message_of, timeline_of
):
    delivery = create_delivery(acme)
    deliver_now(delivery.pk)

    apply_provider_event(delivery, DeliveryState.DELIVERED)

    assert (delivery.state, message_of(delivery).state) == (DeliveryState.DELIVERED, DeliveryState.DELIVERED)
    assert sorted(timeline_of(acme)) == ["messaging.accepted", "messaging.delivered"]


def test_events_never_lower_a_delivery_state(acme, create_delivery, apply_provider_event, timeline_of):
    delivery = create_delivery(acme)
    deliver_now(delivery.pk)

    for state in (DeliveryState.DELIVERED, DeliveryState.DEFERRED, DeliveryState.ACCEPTED, DeliveryState.DELIVERED):
        apply_provider_event(delivery, state)

    assert delivery.state == DeliveryState.DELIVERED
    assert timeline_of(acme).count("messaging.delivered") == 1
    assert "messaging.deferred" not in timeline_of(acme)


def test_a_bounce_after_delivery_counts_and_has_its_reason(acme, create_delivery, apply_provider_event, message_of):
    delivery = create_delivery(acme)
    deliver_now(delivery.pk)

    apply_provider_event(delivery, DeliveryState.DELIVERED)
    apply_provider_event(delivery, DeliveryState.BOUNCED, "mailbox-full")

    assert (delivery.state, message_of(delivery).reason) == (DeliveryState.BOUNCED, "mailbox-full")


def test_an_event_completes_an_unclear_delivery_so_that_it_is_not_sent_again(
    acme, create_delivery, apply_provider_event, sendgrid, now
):
    delivery = create_delivery(acme)
    claim = outbox.claim_delivery(delivery.pk, now)
    outbox.execute_update(outbox.build_call_update(claim, now, recipient_digest=b""))
    claim.calls = 1
    outbox.reschedule_delivery(claim, reason="timeout", until=now + timedelta(seconds=1))

    apply_provider_event(delivery, DeliveryState.ACCEPTED)
    deliver_now(delivery.pk, clock=lambda: now + timedelta(seconds=30))

    assert (delivery.state, sendgrid.requests) == (DeliveryState.ACCEPTED, [])
    assert delivery.completed_at == now


def test_an_event_that_overtakes_its_worker_is_not_undone_by_it(acme, create_delivery, apply_provider_event, now):
    delivery = create_delivery(acme)
    claim = outbox.claim_delivery(delivery.pk, now)
    outbox.execute_update(outbox.build_call_update(claim, now, recipient_digest=b""))
    apply_provider_event(delivery, DeliveryState.BOUNCED, "mailbox-unknown")

    assert outbox.complete_delivery(claim, state=DeliveryState.ACCEPTED, provider="sendgrid", reason="", now=now)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == (DeliveryState.BOUNCED, "mailbox-unknown")


def test_a_bounce_from_a_provider_that_was_replaced_is_ignored(acme, create_delivery, apply_provider_event):
    delivery = create_delivery(acme)
    deliver_now(delivery.pk)

    apply_provider_event(delivery, DeliveryState.BOUNCED, "blocked", provider="smtp")

    assert (delivery.state, delivery.provider) == (DeliveryState.ACCEPTED, "sendgrid")


def test_an_event_is_applied_once_however_often_it_is_enqueued(acme, create_delivery, now, timeline_of):
    delivery = create_delivery(acme)
    [event_id] = provider_events.store_events([build_provider_event(delivery, DeliveryState.DELIVERED, now=now)])

    for _ in range(3):
        apply_events.fn(event_ids=[str(event_id)])

    assert timeline_of(acme) == ["messaging.delivered"]


def test_an_event_stored_before_a_crash_is_found_by_the_sweeper(acme, create_delivery, now):
    [event_id] = provider_events.store_events(
        [build_provider_event(create_delivery(acme), DeliveryState.DELIVERED, now=now)]
    )

    assert provider_events.list_pending_events(now, 10) == []
    assert provider_events.list_pending_events(now + provider_events.SWEEP_DELAY, 10) == [event_id]
    apply_event(event_id, now=now)
    assert provider_events.list_pending_events(now + provider_events.SWEEP_DELAY, 10) == []


def test_an_event_that_cannot_be_applied_stays_pending(acme, create_delivery, now, monkeypatch):
    delivery = create_delivery(acme)
    [event_id] = provider_events.store_events([build_provider_event(delivery, DeliveryState.DELIVERED, now=now)])
    monkeypatch.setattr("portal.messaging.services.record_outcome", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        apply_event(event_id, now=now)

    delivery.refresh_from_db()
    assert (delivery.state, ProviderEvent.objects.get().applied_at) == (DeliveryState.QUEUED, None)


def test_an_event_for_an_unknown_delivery_is_marked_as_applied(db, now):
    stranger = Delivery(pk=uuid.uuid4())
    [event_id] = provider_events.store_events([build_provider_event(stranger, DeliveryState.DELIVERED, now=now)])

    apply_event(event_id, now=now)

    assert ProviderEvent.objects.get().applied_at == now


def test_an_event_for_a_decoy_changes_nothing(acme, create_delivery, apply_provider_event, timeline_of):
    delivery = create_delivery(acme, to="")

    apply_provider_event(delivery, DeliveryState.DELIVERED)

    assert (delivery.state, timeline_of(acme)) == (DeliveryState.VOID, [])


def test_only_new_events_are_returned_as_stored(acme, create_delivery, now):
    delivery = create_delivery(acme)
    first, second = (
        build_provider_event(delivery, DeliveryState.DELIVERED, now=now, name=name) for name in ("one", "two")
    )

    assert provider_events.store_events([first]) == [first.pk]
    again = build_provider_event(delivery, DeliveryState.BOUNCED, now=now, name="one")
    assert provider_events.store_events([again, second]) == [second.pk]
    assert provider_events.store_events([]) == []
