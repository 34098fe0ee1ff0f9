"""W7: what is not sent after all leaves the trial call of a provider's breaker to the next message."""

from datetime import timedelta

import pytest

from tenants.models import Channel, DeliveryState
from tenants.sms_limits.caps import LEAST_PART
from workers.actors.delivery_jobs import deliver_now
from workers.providers.provider_registry import list_providers_for_channel
from workers.queue.circuit_breaker import CircuitBreaker

NUMBER, NEIGHBOUR, OTHER_NUMBER = "+447700900101", "+447700900102", "+447911123456"


@pytest.fixture
def half_open(settings):
    """Return a function that opens the breaker of a channel's provider and lets its cooldown pass."""
    settings.BREAKER_FAILURE_THRESHOLD = 1

    def half_open(channel: Channel) -> None:
        [provider] = list_providers_for_channel(channel)
        seconds = [0.0]
        provider.breaker._clock = lambda: seconds[0]
        provider.breaker.record_failure()
        seconds[0] = settings.BREAKER_COOLDOWN.total_seconds()

    return half_open


def test_a_notice_that_is_put_off_leaves_the_trial_call_to_the_next_one(
    acme, create_delivery, sendgrid, settings, half_open
):
    settings.RECIPIENT_MESSAGES_PER_HOUR = 1
    deliver_now(create_delivery(acme).pk)
    half_open(Channel.EMAIL)
    busy, other = create_delivery(acme), create_delivery(acme, to="bo@example.com")

    for delivery in (busy, other):
        deliver_now(delivery.pk)
        delivery.refresh_from_db()

    assert (busy.state, busy.reason) == (DeliveryState.QUEUED, "recipient-busy")
    assert other.state == DeliveryState.ACCEPTED


def test_a_text_that_is_refused_leaves_the_trial_call_to_the_next_one(
    acme, create_delivery, twilio, settings, half_open
):
    settings.SMS_PER_RANGE = 1
    for _text in range(LEAST_PART):
        deliver_now(create_delivery(acme, to=NUMBER, channel=Channel.SMS).pk)
    half_open(Channel.SMS)
    refused, other = (create_delivery(acme, to=number, channel=Channel.SMS) for number in (NEIGHBOUR, OTHER_NUMBER))

    for delivery in (refused, other):
        deliver_now(delivery.pk)
        delivery.refresh_from_db()

    assert (refused.state, refused.reason) == (DeliveryState.FAILED, "sms-range")
    assert other.state == DeliveryState.ACCEPTED


def test_a_delivery_without_a_call_left_leaves_the_trial_call_to_the_next_one(
    acme, create_delivery, sendgrid, settings, half_open
):
    half_open(Channel.EMAIL)
    spent, other = create_delivery(acme), create_delivery(acme, to="bo@example.com")
    spent.calls = settings.DELIVERY_MAX_CALLS
    spent.save()

    for delivery in (spent, other):
        deliver_now(delivery.pk)
        delivery.refresh_from_db()

    assert (spent.state, spent.calls) == (DeliveryState.UNCLEAR, settings.DELIVERY_MAX_CALLS)
    assert other.state == DeliveryState.ACCEPTED


def test_a_call_allowed_before_the_breaker_opened_gives_back_no_trial():
    seconds = [0.0]
    breaker = CircuitBreaker("it", failure_threshold=1, cooldown=timedelta(seconds=15), clock=lambda: seconds[0])
    assert breaker.allow_call()
    breaker.record_failure()

    breaker.cancel_call()

    assert not breaker.allow_call()
