"""The configured time-outs add up to less than the promised time limits.

Tests that kill things wait as long as a busy machine takes, so they can not show how long people wait; these sums can.
"""

from datetime import timedelta

from django.conf import settings

from tenants import outbox
from tenants.models import Queue
from workers.queue import brokers, enqueueing

# A code within so long, whatever has been killed; where the first provider fails, within so long.
CODE_TIME_LIMIT, FAILOVER_TIME_LIMIT = timedelta(seconds=5), timedelta(seconds=10)
# Each call to a Redis that is silent is made once more.
BROKER_TIMEOUT = 2 * timedelta(seconds=enqueueing.TIMEOUT_SECONDS)


def test_a_code_whose_message_was_lost_comes_in_time():
    found = outbox.SWEEP_DELAY[Queue.CODES] + settings.SWEEP_INTERVAL
    assert BROKER_TIMEOUT + found < CODE_TIME_LIMIT


def test_the_message_of_a_killed_worker_is_enqueued_again_in_time():
    assert outbox.VISIBILITY_TIMEOUT[Queue.CODES] + settings.SWEEP_INTERVAL < CODE_TIME_LIMIT


def test_the_second_provider_is_tried_in_time():
    assert settings.PROVIDER_CONNECT_TIMEOUT + settings.PROVIDER_READ_TIMEOUT < FAILOVER_TIME_LIMIT


def test_the_lease_of_a_killed_worker_ends_in_time():
    call = settings.PROVIDER_CONNECT_TIMEOUT + settings.PROVIDER_READ_TIMEOUT
    assert call < settings.DELIVERY_LEASE < timedelta(seconds=30)
    assert timedelta(milliseconds=brokers.HEARTBEAT_MS) < timedelta(seconds=30)
