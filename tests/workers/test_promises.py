"""Do the waits that we set ourselves add up to less than what people are promised?

Tests that kill things wait as long as a busy machine takes, so they can not show how long people wait; these sums can.
"""

from datetime import timedelta

from django.conf import settings

from tenants import outbox
from tenants.models import Queue
from workers import broker, queue

# A code within so long, whatever has been killed; where the first provider fails, within so long.
PROMISED, FAILOVER = timedelta(seconds=5), timedelta(seconds=10)
# Each call to a Redis that is silent is made once more.
QUEUE_AWAY = 2 * timedelta(seconds=queue.TIMEOUT_SECONDS)


def test_a_code_nobody_was_told_of_comes_in_time():
    found = outbox.SWEEP_DELAY[Queue.CODES] + settings.SWEEP_INTERVAL
    assert QUEUE_AWAY + found < PROMISED


def test_a_bell_that_a_killed_worker_took_along_is_rung_again_in_time():
    assert outbox.VISIBILITY_TIMEOUT[Queue.CODES] + settings.SWEEP_INTERVAL < PROMISED


def test_the_second_provider_is_asked_in_time():
    assert settings.PROVIDER_CONNECT_TIMEOUT + settings.PROVIDER_READ_TIMEOUT < FAILOVER


def test_nobody_who_was_killed_holds_a_delivery_for_long():
    call = settings.PROVIDER_CONNECT_TIMEOUT + settings.PROVIDER_READ_TIMEOUT
    assert call < settings.DELIVERY_LEASE < timedelta(seconds=30)
    assert timedelta(milliseconds=broker.HEARTBEAT_MS) < timedelta(seconds=30)
