"""Detects outages of code delivery from the outbox, and when they end.

Only the outbox is used: a circuit breaker knows what one process saw, the rows have what all processes did,
including those that have ended.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Min, Q, QuerySet

from tenants.models import Business, Channel, Delivery, DeliveryState, Outage, Queue
from tenants.models.delivery import PENDING_STATES

# A provider accepted these, whatever became of them afterwards.
ACCEPTED = (DeliveryState.ACCEPTED, DeliveryState.DEFERRED, DeliveryState.DELIVERED, DeliveryState.BOUNCED)
# These are waiting, expired without being accepted, or got no clear answer.
NOT_ACCEPTED = (*PENDING_STATES, DeliveryState.EXPIRED)
# Reasons that concern a single message say nothing about the provider.
SINGLE_MESSAGE_REASONS = ("broken", "withdrawn", "business-closed")


def detect_outages(*, now: datetime) -> list[Outage]:
    """Return new outages that are not recorded yet, as unsaved instances."""
    found = _find_stalled_channels(now)
    known = set(Outage.objects.filter(ended_at=None).values_list("business_id", "channel"))
    ignored = _get_detection_starts(now)
    new = {
        key: started_at
        for key, started_at in found
        if key not in known and (key not in ignored or started_at > ignored[key])
    }
    businesses = Business.objects.in_bulk([business_id for business_id, _channel in new])
    return [
        Outage(business=businesses[key[0]], channel=key[1], started_at=started_at) for key, started_at in new.items()
    ]


def record_outage(outage: Outage) -> bool:
    """Save an outage; False if another sweeper was first."""
    Outage.objects.bulk_create([outage], ignore_conflicts=True)
    return Outage.objects.filter(pk=outage.pk).exists()


def find_recovered_outages(*, now: datetime) -> list[tuple[Outage, bool]]:
    """Return the outages that are over, each with whether a provider has accepted a code since it began.

    An outage is also over when no more codes are requested; then it is unknown whether they would go out.
    """
    stalled, last_accepted = {key for key, _started_at in _find_stalled_channels(now)}, _get_last_acceptance_times(now)
    # An outage whose first code isn't late by our clock yet was recorded by a sweeper whose clock is ahead.
    still_open = Outage.objects.filter(ended_at=None, started_at__lte=now - settings.OUTAGE_THRESHOLD)
    ended = [
        outage
        for outage in still_open.select_related("business")
        if (outage.business_id, outage.channel) not in stalled
    ]
    return [(outage, last_accepted.get(outage.channel, outage.started_at) > outage.started_at) for outage in ended]


def close_outage(outage: Outage, *, now: datetime) -> bool:
    """Close an outage; False if another sweeper was first."""
    return bool(Outage.objects.filter(pk=outage.pk, ended_at=None).update(ended_at=now))


def list_ongoing_outages(business: Business) -> list[Outage]:
    """Return a business's ongoing outages, the longest first."""
    return list(Outage.objects.filter(business=business, ended_at=None).order_by("started_at"))


def has_outage_ended(pk: UUID | None) -> bool:
    """Return whether an outage has ended."""
    return pk is None or not Outage.objects.filter(pk=pk, ended_at=None).exists()


def purge_outages(before: datetime) -> int:
    """Delete outages that ended before an instant; return how many."""
    return Outage.objects.filter(ended_at__lt=before).delete()[0]


def _find_stalled_channels(now: datetime) -> Iterator[tuple[tuple[UUID, str], datetime]]:
    """Yield each business and channel with the oldest code that has waited too long, if none was accepted after it."""
    last_accepted, since_then = _get_last_acceptance_times(now), Q(pk=None)
    for channel in Channel.values:
        since_then |= Q(channel=channel, created_at__gt=last_accepted.get(channel, now - settings.OUTAGE_LOOKBACK))
    late = _list_recent_code_deliveries(now).filter(
        since_then, business__isnull=False, created_at__lte=now - settings.OUTAGE_THRESHOLD, state__in=NOT_ACCEPTED
    )
    found = (
        late.exclude(reason__in=SINGLE_MESSAGE_REASONS)
        .values_list("business_id", "channel")
        .annotate(Min("created_at"))
    )
    for business_id, channel, started_at in found.order_by():
        yield (business_id, channel), started_at


def _get_detection_starts(now: datetime) -> dict[tuple[UUID, str], datetime]:
    """Return, by business and channel, the time before which codes don't count because of an outage that has ended."""
    ended = Outage.objects.filter(ended_at__gt=now - settings.OUTAGE_LOOKBACK).values("business_id", "channel")
    return {
        (outage["business_id"], outage["channel"]): outage["last"] - settings.OUTAGE_LOOKBACK
        for outage in ended.annotate(last=Max("ended_at")).order_by()
    }


def _get_last_acceptance_times(now: datetime) -> dict[str, datetime]:
    """Return when a provider last accepted a code, by channel; a channel without recent codes is missing."""
    last_accepted = _list_recent_code_deliveries(now).filter(state__in=ACCEPTED, completed_at__isnull=False)
    return dict(last_accepted.order_by().values_list("channel").annotate(Max("completed_at")))


def _list_recent_code_deliveries(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(queue=Queue.CODES, created_at__gt=now - settings.OUTAGE_LOOKBACK)
