"""Claims, leases and updates deliveries in the outbox.

The row decides whether a message is still to be sent; a job in the queue only wakes a worker. A worker claims a
row for the length of a lease and names the attempt it claimed in every update, so that a worker that hung can't
overwrite its successor.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from tenants.business_cache import CachedBusiness, get_cached_business
from tenants.combined_writes import UpdateStatement
from tenants.models import Business, Delivery, DeliveryState, Queue
from tenants.models.delivery import PENDING_STATES

# Time until the sweeper may enqueue the same delivery again.
VISIBILITY_TIMEOUT = {
    Queue.CODES: timedelta(seconds=2.5),
    Queue.NOTICES: timedelta(seconds=60),
    Queue.BULK: timedelta(seconds=60),
}
# The web process enqueues codes itself; the sweeper takes only those that no worker claimed in this time.
SWEEP_DELAY = {Queue.CODES: timedelta(seconds=1.5), Queue.NOTICES: timedelta(0), Queue.BULK: timedelta(0)}
# The clocks of two machines differ; a delivery that is due this soon counts as due.
CLOCK_SKEW = timedelta(seconds=1)


@dataclass(slots=True)
class Claim:
    """One worker's lease of one delivery. `calls` counts the provider calls that may have reached the person.

    `was_called` says that a call was begun, by this worker or before.
    `cached_business` is None for a staff email, which belongs to no business.
    """

    cached_business: CachedBusiness | None
    delivery_id: UUID
    message_id: UUID
    queue: str
    channel: str
    attempt: int
    calls: int
    created_at: datetime
    deadline_at: datetime
    was_called: bool

    @property
    def business(self) -> Business | None:
        """Return the business that the message belongs to, or None for a staff email."""
        return self.cached_business.business if self.cached_business else None


_CLAIM = f"""
UPDATE tenants_delivery
   SET state = {DeliveryState.SENDING:d}, attempt = attempt + 1, leased_until = %(lease)s
 WHERE id = %(id)s AND completed_at IS NULL
   AND (state IN ({DeliveryState.QUEUED:d}, {DeliveryState.UNCLEAR:d}) AND due_at <= %(soon)s
        OR state = {DeliveryState.SENDING:d} AND leased_until <= %(now)s)
RETURNING business_id, id, message_id, queue, channel, attempt, calls, created_at, deadline_at,
          recipient_digest IS NOT NULL
"""


def claim_delivery(delivery_id: UUID, now: datetime) -> Claim | None:
    """Lease a pending delivery and return the claim; None when it is completed, not due or leased by another worker."""
    lease = now + settings.DELIVERY_LEASE
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"id": delivery_id, "now": now, "soon": now + CLOCK_SKEW, "lease": lease})
        row = cursor.fetchone()
    if row is None:
        return None
    business_id, *fields = row
    return Claim(get_cached_business(business_id) if business_id else None, *fields)


def build_call_update(claim: Claim, now: datetime, *, recipient_digest: bytes) -> UpdateStatement | None:
    """Return the update that counts a provider call before it is made and renews the lease; None if none may be made.

    The recipient's digest is stored now already, since a call that seems to fail may have reached the person.
    """
    if now >= claim.deadline_at or claim.calls >= settings.DELIVERY_MAX_CALLS:
        return None
    lease = now + settings.DELIVERY_LEASE
    assignments = "calls = %s, leased_until = %s, recipient_digest = %s"
    return _build_fenced_update(claim, assignments, claim.calls + 1, lease, recipient_digest, only_if_sending=True)


def execute_update(update: UpdateStatement) -> bool:
    """Make an update of one delivery and return whether it changed the row."""
    with connection.cursor() as cursor:
        cursor.execute(*update)
        return bool(cursor.rowcount)


def complete_delivery(claim: Claim, **outcome: Any) -> bool:
    """Write the final state of a delivery, as `build_completion_update` does; False when another worker claimed it."""
    return execute_update(build_completion_update(claim, **outcome))


def build_completion_update(
    claim: Claim, *, state: DeliveryState, provider: str, reason: str, now: datetime, provider_message_id: str = ""
) -> UpdateStatement:
    """Return the update that writes the final state of a delivery, for `insert_all_if_updated`.

    It never lowers a state that a provider's event has set before.
    """
    return _build_fenced_update(
        claim,
        "state = GREATEST(state, %s), provider = %s, provider_message_id = %s,"
        " reason = COALESCE(NULLIF(%s, ''), reason), calls = %s, completed_at = %s, leased_until = NULL",
        *(int(state), provider, provider_message_id[:100] or None, reason, claim.calls, now),
    )


def build_withholding_update(delivery_id: UUID, *, reason: str, now: datetime) -> UpdateStatement:
    """Return the update that completes a delivery which no worker has claimed and none may send; a decoy stays one."""
    sql = (
        f"UPDATE tenants_delivery SET state = {DeliveryState.FAILED:d}, reason = %s, completed_at = %s"
        f" WHERE id = %s AND state = {DeliveryState.QUEUED:d}"
    )
    return sql, [reason, now, delivery_id]


def reschedule_delivery(claim: Claim, *, reason: str, until: datetime) -> bool:
    """Release a delivery to be sent later; its state says whether a call may have reached the person."""
    state = DeliveryState.UNCLEAR if claim.calls else DeliveryState.QUEUED
    assignments = "state = %s, reason = %s, calls = %s, due_at = %s, leased_until = NULL"
    return execute_update(
        _build_fenced_update(claim, assignments, int(state), reason, claim.calls, until, only_if_sending=True)
    )


def advance_delivery_state(
    delivery_id: UUID, *, state: DeliveryState, provider: str, reason: str, now: datetime
) -> Delivery | None:
    """Raise a delivery to the state a provider reports and return it; None when its state is as high already.

    A bounce that a provider reports after another one accepted the message is ignored.
    """
    rows = Delivery.objects.filter(pk=delivery_id, state__lt=state).exclude(state=DeliveryState.VOID)
    if state == DeliveryState.BOUNCED:
        rows = rows.filter(Q(provider__in=["", provider]) | Q(state__lt=DeliveryState.ACCEPTED))
    completed_at = Coalesce(F("completed_at"), Value(now))
    if not rows.update(state=state, provider=provider, reason=reason, completed_at=completed_at, leased_until=None):
        return None
    return Delivery.objects.select_related("business").get(pk=delivery_id)


_DUE = f"""
    d.queue = %(queue)s AND d.due_at <= %(due)s AND d.completed_at IS NULL
    AND d.state IN ({", ".join(str(state.value) for state in PENDING_STATES)})
    AND (d.leased_until IS NULL OR d.leased_until <= %(now)s)
"""
_LEASE_DUE = f"""
WITH staff_emails AS (
    SELECT d.id FROM tenants_delivery d WHERE d.business_id IS NULL AND {_DUE}
     ORDER BY d.due_at LIMIT 1 + %(limit)s / 2 FOR UPDATE SKIP LOCKED
), busy AS MATERIALIZED (
    SELECT b.id FROM tenants_business b
     WHERE EXISTS (SELECT FROM tenants_delivery d WHERE d.business_id = b.id AND {_DUE})
), picked AS (
    SELECT share.id FROM busy CROSS JOIN LATERAL (
        SELECT d.id, d.due_at FROM tenants_delivery d WHERE d.business_id = busy.id AND {_DUE}
         ORDER BY d.due_at LIMIT (SELECT 1 + %(limit)s / count(*) FROM busy) FOR UPDATE SKIP LOCKED
    ) share ORDER BY share.due_at LIMIT %(limit)s
)
UPDATE tenants_delivery d
   SET leased_until = %(leased_until)s,
       state = CASE d.state WHEN {DeliveryState.SENDING:d} THEN {DeliveryState.QUEUED:d} ELSE d.state END
 WHERE d.id = ANY (ARRAY(SELECT id FROM staff_emails UNION ALL SELECT id FROM picked LIMIT %(limit)s))
RETURNING d.id
"""


def lease_due_deliveries(queue: Queue, now: datetime, limit: int) -> list[UUID]:
    """Lease due deliveries that no worker claimed and return their ids, to be enqueued again.

    Every business gets the same share of `limit`; staff emails are few and come first.
    """
    times = {"now": now, "due": now - SWEEP_DELAY[queue], "leased_until": now + VISIBILITY_TIMEOUT[queue]}
    with connection.cursor() as cursor:
        cursor.execute(_LEASE_DUE, {"queue": str(queue), "limit": limit, **times})
        return [delivery_id for (delivery_id,) in cursor.fetchall()]


def purge_deliveries(before: datetime, limit: int) -> int:
    """Delete at most `limit` deliveries created and completed before an instant; return how many."""
    old = Delivery.objects.filter(created_at__lt=before, completed_at__lt=before).order_by("created_at")
    deleted, _ = Delivery.objects.filter(pk__in=old.values("pk")[:limit]).delete()
    return deleted


def _build_fenced_update(
    claim: Claim, assignments: str, *values: Any, only_if_sending: bool = False
) -> UpdateStatement:
    """Return an update of a row that applies only while its attempt is ours.

    Building it with the ORM takes five times as long.
    """
    guard = f" AND state = {DeliveryState.SENDING:d}" if only_if_sending else ""
    sql = f"UPDATE tenants_delivery SET {assignments} WHERE id = %s AND attempt = %s{guard}"
    return sql, [*values, claim.delivery_id, claim.attempt]
