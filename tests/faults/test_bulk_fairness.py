"""A hundred thousand notices of one business delay no other business."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from portal.access.kinds import AccessMessageKind
from portal.messaging import services as messaging
from tenants.context import use_business
from tenants.models import Business, Channel, Delivery, DeliveryState, Queue
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

BULK_SIZE = 100_000
# So many messages of one queue may wait in Redis; the other deliveries stay in PostgreSQL.
MAX_QUEUE_LENGTH = 1_000
INSERT_BULK = """
WITH posted AS (
    INSERT INTO messaging_message (id, kind, channel, "to", language, data, state, reason, created_at)
    SELECT gen_random_uuid(), %(kind)s, %(channel)s, 'recipient-' || number || '@example.com', '', %(data)s,
           %(state)s, '', %(now)s
      FROM generate_series(1, %(count)s) number
 RETURNING id
)
INSERT INTO tenants_delivery
       (id, business_id, message_id, queue, channel, state, attempt, calls, provider, reason,
        created_at, due_at, deadline_at)
SELECT gen_random_uuid(), %(business)s, id, %(queue)s, %(channel)s, %(state)s, 0, 0, '', '',
       %(now)s, %(now)s, %(deadline)s
  FROM posted
"""


def test_100_000_notices_of_one_business_delay_no_codes_and_no_other_notices(
    processes, accepted_mails, redis_db, acme, globex, create_client_with_email, request_code_directly
):
    def count_bulk_mails_before(address: str, send_request: Callable[[], None]) -> int:
        """Request a mail and return how many bulk mails were accepted before it."""
        before = len(accepted_mails.codes())
        send_request()
        wait_until(lambda: accepted_mails.has_recipient(address), what=f"a mail to {address}")
        return list(accepted_mails.codes()).index(address) - before

    enqueue_bulk(globex)
    processes.start("codes-1", "notices", "sweep")
    wait_until(
        lambda: accepted_mails.has_recipient("recipient-1@example.com") or len(accepted_mails.codes()) > 20,
        what="the first notices",
    )

    ana = create_client_with_email(acme, "ana@example.com")
    assert count_bulk_mails_before(ana, lambda: request_code_directly(acme, ana)) < MAX_QUEUE_LENGTH

    bo = create_client_with_email(acme, "bo@example.com")
    # The messages enqueued before, and those of some rounds of the sweeper, in which other businesses have their share.
    assert count_bulk_mails_before(bo, lambda: enqueue_notice(acme, bo)) < 5 * MAX_QUEUE_LENGTH
    assert redis_db.llen("dramatiq:notices") <= MAX_QUEUE_LENGTH
    assert Delivery.objects.filter(queue=Queue.NOTICES, completed_at=None).count() > BULK_SIZE * 3 // 4


def enqueue_bulk(business: Business) -> None:
    """Create the pending notices in one statement."""
    now = timezone.now()
    values = {
        "kind": AccessMessageKind.ACCESS_ENDED,
        "channel": Channel.EMAIL,
        "data": json.dumps({}),
        "state": DeliveryState.QUEUED,
    }
    values |= {"queue": Queue.NOTICES, "business": business.pk, "count": BULK_SIZE}
    values |= {"now": now, "deadline": now + timedelta(hours=1)}
    with use_business(business), connection.cursor() as cursor:
        cursor.execute(INSERT_BULK, values)


def enqueue_notice(business: Business, to: str) -> None:
    """Create one pending notice."""
    now = timezone.now()
    with use_business(business):
        notice = messaging.build_message(AccessMessageKind.ACCESS_ENDED, channel=Channel.EMAIL, to=to, now=now)
        messaging.enqueue_message(notice, queue=Queue.NOTICES, deadline=now + timedelta(hours=1), now=now)
