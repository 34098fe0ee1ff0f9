"""Whose turn it is to have webhooks sent, and which of them.

Each endpoint has a stream, which one worker at a time leases. The stream that waited longest comes first, and a
business has only so many leased at once, so that nobody's backlog or slow receiver keeps the others waiting.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from tenants.models import Business, BusinessStatus, WebhookDelivery, WebhookStream
from tenants.purging import delete_batch

# Longer than a batch takes, see portal.integrations.webhooks.batches.
LEASE = timedelta(seconds=30)
MAX_STREAMS_PER_BUSINESS = 4
BATCH_SIZE = 50
# How long an endpoint that can't be reached is left alone, at most.
LONGEST_PAUSE = timedelta(seconds=60)

_CLAIM = f"""
UPDATE tenants_webhookstream SET leased_until = %(leased_until)s, lease_token = %(token)s, served_at = %(now)s
 WHERE endpoint_id = (
    SELECT l.endpoint_id FROM tenants_webhookstream l JOIN tenants_business b ON b.id = l.business_id
     WHERE (l.leased_until IS NULL OR l.leased_until <= %(now)s)
       AND (l.paused_until IS NULL OR l.paused_until <= %(now)s)
       AND b.status = '{BusinessStatus.ACTIVE}'
       AND EXISTS (SELECT FROM tenants_webhookdelivery d WHERE d.endpoint_id = l.endpoint_id AND d.due_at <= %(now)s)
       AND (SELECT count(*) FROM tenants_webhookstream o
             WHERE o.business_id = l.business_id AND o.leased_until > %(now)s) < {MAX_STREAMS_PER_BUSINESS}
     ORDER BY l.served_at NULLS FIRST LIMIT 1 FOR NO KEY UPDATE OF l SKIP LOCKED)
RETURNING endpoint_id, business_id, failures
"""


@dataclass(frozen=True)
class StreamClaim:
    """One worker's lease of a stream."""

    endpoint_id: UUID
    business: Business
    token: UUID
    failures: int


def create_stream(*, business_id: UUID, endpoint_id: UUID) -> None:
    """Let webhooks be sent to an endpoint."""
    stream = WebhookStream(endpoint_id=endpoint_id, business_id=business_id)
    WebhookStream.objects.bulk_create([stream], ignore_conflicts=True)


def delete_stream(endpoint_id: UUID) -> None:
    """Send nothing more to an endpoint, and forget what was pending."""
    WebhookStream.objects.filter(pk=endpoint_id).delete()
    WebhookDelivery.objects.filter(endpoint_id=endpoint_id).delete()


@transaction.atomic
def end_stream(claim: StreamClaim) -> None:
    """Delete the stream of an endpoint to which nothing is sent any more.

    A worker whose lease has ended deletes nothing: the endpoint may have been switched on again meanwhile.
    """
    if WebhookStream.objects.filter(pk=claim.endpoint_id, lease_token=claim.token).delete()[0]:
        WebhookDelivery.objects.filter(endpoint_id=claim.endpoint_id).delete()


def lock_stream(endpoint_id: UUID) -> None:
    """Lock the stream to an endpoint, if it has one, until the transaction ends."""
    list(WebhookStream.objects.select_for_update(no_key=True).filter(pk=endpoint_id).values_list("pk"))


def claim_stream(now: datetime) -> StreamClaim | None:
    """Lease the stream with due webhooks that waited longest; None if there is none."""
    token = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "leased_until": now + LEASE, "token": token})
        row = cursor.fetchone()
    if row is None:
        return None
    endpoint_id, business_id, failures = row
    return StreamClaim(endpoint_id, Business.objects.get(pk=business_id), token, failures)


def list_due_deliveries(claim: StreamClaim, now: datetime) -> list[WebhookDelivery]:
    """Return the webhooks to send now: of each object only its first, so that its events stay in order.

    An endpoint that could not be reached gets one at a time.
    """
    earlier = WebhookDelivery.objects.filter(
        endpoint_id=OuterRef("endpoint_id"), object_id=OuterRef("object_id"), pk__lt=OuterRef("pk")
    )
    due = WebhookDelivery.objects.filter(~Exists(earlier), endpoint_id=claim.endpoint_id, due_at__lte=now)
    return list(due.order_by("due_at", "pk")[: 1 if claim.failures else BATCH_SIZE])


def postpone_held_up_deliveries(claim: StreamClaim, now: datetime) -> None:
    """Let webhooks that wait for an earlier one of their object be due when that one is.

    Otherwise a stream with nothing else would be leased again and again in vain until the earlier one is sent.
    """
    of_object = WebhookDelivery.objects.filter(endpoint_id=OuterRef("endpoint_id"), object_id=OuterRef("object_id"))
    first_due_at = Subquery(of_object.order_by("pk").values("due_at")[:1])
    WebhookDelivery.objects.filter(endpoint_id=claim.endpoint_id, due_at__lte=now).update(due_at=first_due_at)


def release_stream(claim: StreamClaim, *, reached: bool | None, now: datetime) -> bool:
    """End a lease, and pause the stream if the endpoint was not reached; False if another worker has it now.

    `reached` is None if nothing was sent.
    """
    if reached is False:
        failures = min(claim.failures + 1, 100)
        paused_until = now + min(timedelta(seconds=2 ** min(failures, 10)), LONGEST_PAUSE)
    else:
        failures, paused_until = 0 if reached else claim.failures, None
    return bool(
        WebhookStream.objects.filter(pk=claim.endpoint_id, lease_token=claim.token).update(
            leased_until=None, lease_token=None, failures=failures, paused_until=paused_until
        )
    )


def complete_deliveries(delivery_ids: Iterable[int]) -> None:
    """Forget webhooks that were delivered or given up."""
    WebhookDelivery.objects.filter(pk__in=list(delivery_ids)).delete()


def reschedule_deliveries(deliveries: Iterable[WebhookDelivery]) -> None:
    """Save the number of attempts and the next time of each."""
    WebhookDelivery.objects.bulk_update(deliveries, ["attempts", "due_at"])


def list_pending(endpoint_id: UUID) -> QuerySet[WebhookDelivery]:
    """Return the webhooks that an endpoint has still to get."""
    return WebhookDelivery.objects.filter(endpoint_id=endpoint_id)


def compute_longest_wait(now: datetime) -> timedelta:
    """Return for how long the stream that has waited longest for a worker has done so.

    What an endpoint can't be reached for, or takes long to accept, waits for its receiver and doesn't count.
    """
    due = WebhookDelivery.objects.filter(endpoint_id=OuterRef("pk"), due_at__lte=now).order_by("due_at")
    waiting = (
        WebhookStream.objects.filter(business__status=BusinessStatus.ACTIVE)
        .exclude(leased_until__gt=now)
        .exclude(paused_until__gt=now)
        .annotate(oldest=Subquery(due.values("due_at")[:1]))
        .exclude(oldest=None)
        .annotate(since=Greatest("oldest", "served_at", "paused_until"))
    )
    since = waiting.order_by("since").values_list("since", flat=True).first()
    return now - since if since else timedelta()


def purge_orphaned_deliveries(limit: int) -> int:
    """Delete webhooks whose endpoint has no stream: it was switched off while a change added them."""
    streams = WebhookStream.objects.filter(pk=OuterRef("endpoint_id"))
    return delete_batch(WebhookDelivery.objects.filter(~Exists(streams)), limit)
