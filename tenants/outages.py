"""Do codes go out, and whose are held back?

Only the outbox is asked: a breaker knows what one process saw, the rows know of all of them,
and of workers that are gone.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Min, Q, QuerySet

from tenants.models import Business, Channel, Delivery, DeliveryState, Outage, Queue

# A provider answered for these, whatever became of them then.
TAKEN = (DeliveryState.ACCEPTED, DeliveryState.DEFERRED, DeliveryState.DELIVERED, DeliveryState.BOUNCED)
# These wait still, were never taken in their time, or got no answer that tells.
NOT_TAKEN = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNCLEAR, DeliveryState.EXPIRED)
# What ends or holds up one message alone says nothing of the way it would have gone.
ITS_OWN_FAULT = ("broken", "withdrawn", "business-closed")


def begun(*, now: datetime) -> list[Outage]:
    """Return the outages that began and that nobody has written down, not yet saved."""
    found = _held_back(now)
    known = set(Outage.objects.filter(ended_at=None).values_list("business_id", "channel"))
    ignored = _ignored_until(now)
    new = {
        place: since
        for place, since in found
        if place not in known and (place not in ignored or since > ignored[place])
    }
    businesses = Business.objects.in_bulk([business_id for business_id, _channel in new])
    return [Outage(business=businesses[place[0]], channel=place[1], since=since) for place, since in new.items()]


def write_down(outage: Outage) -> bool:
    """Save an outage. False: of two sweepers that saw it, the other one was first."""
    Outage.objects.bulk_create([outage], ignore_conflicts=True)
    return Outage.objects.filter(pk=outage.pk).exists()


def over(*, now: datetime) -> list[tuple[Outage, bool]]:
    """Return the outages that are over, each with whether a provider took a code again.

    Where nobody asks for codes any more, an outage is over as well, but nobody can say that they go out.
    """
    goes_on, taken = {place for place, _since in _held_back(now)}, _last_taken(now)
    # One whose first code isn't late yet by our clock was written down by a sweeper whose clock is ahead.
    still_open = Outage.objects.filter(ended_at=None, since__lte=now - settings.OUTAGE_THRESHOLD)
    ended = [one for one in still_open.select_related("business") if (one.business_id, one.channel) not in goes_on]
    return [(one, taken.get(one.channel, one.since) > one.since) for one in ended]


def close(outage: Outage, *, now: datetime) -> bool:
    """End an outage, once; False when another sweeper has."""
    return bool(Outage.objects.filter(pk=outage.pk, ended_at=None).update(ended_at=now))


def standing(business: Business) -> list[Outage]:
    """Return what keeps a business's codes back at the moment, the longest first."""
    return list(Outage.objects.filter(business=business, ended_at=None).order_by("since"))


def is_over(pk: UUID | None) -> bool:
    """Tell whether an outage has ended."""
    return pk is None or not Outage.objects.filter(pk=pk, ended_at=None).exists()


def purge(before: datetime) -> int:
    """Delete what ended before an instant; return how many."""
    return Outage.objects.filter(ended_at__lt=before).delete()[0]


def _held_back(now: datetime) -> Iterator[tuple[tuple[UUID, str], datetime]]:
    """Yield each business and channel with the oldest code that has waited too long, if none was taken since it."""
    taken, since_then = _last_taken(now), Q(pk=None)
    for channel in Channel.values:
        since_then |= Q(channel=channel, created_at__gt=taken.get(channel, now - settings.OUTAGE_LOOKBACK))
    late = _codes(now).filter(
        since_then, business__isnull=False, created_at__lte=now - settings.OUTAGE_THRESHOLD, state__in=NOT_TAKEN
    )
    found = late.exclude(reason__in=ITS_OWN_FAULT).values_list("business_id", "channel").annotate(Min("created_at"))
    for business_id, channel, since in found.order_by():
        yield (business_id, channel), since


def _ignored_until(now: datetime) -> dict[tuple[UUID, str], datetime]:
    """Return, by business and channel, the instant up to which codes count as old for whoever ended their last outage."""
    ended = Outage.objects.filter(ended_at__gt=now - settings.OUTAGE_LOOKBACK).values("business_id", "channel")
    return {
        (one["business_id"], one["channel"]): one["last"] - settings.OUTAGE_LOOKBACK
        for one in ended.annotate(last=Max("ended_at")).order_by()
    }


def _last_taken(now: datetime) -> dict[str, datetime]:
    """Return when a provider last took a code, by channel; nothing for a channel that carried none lately."""
    taken = _codes(now).filter(state__in=TAKEN, completed_at__isnull=False)
    return dict(taken.order_by().values_list("channel").annotate(Max("completed_at")))


def _codes(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(queue=Queue.CODES, created_at__gt=now - settings.OUTAGE_LOOKBACK)
