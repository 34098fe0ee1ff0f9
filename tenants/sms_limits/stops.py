"""The times at which texts of a business are stopped: finding, recording and lifting them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tenants.models import Business, SmsStop, SmsStopReason


def list_active_stops(*, now: datetime, business: Business | None = None) -> QuerySet[SmsStop]:
    """Return the stops of one business or of all that have neither ended nor been lifted, the newest first."""
    active = SmsStop.objects.filter(ends_at__gt=now, lifted_at=None).select_related("business")
    return (active.filter(business=business) if business else active).order_by("-started_at", "pk")


def find_conversion_stop(business: Business, number_range: str, *, now: datetime) -> SmsStop | None:
    """Return the active stop of a range, or of the whole business, because few codes were typed back."""
    active = list_active_stops(now=now, business=business)
    return active.filter(reason=SmsStopReason.FEW_CODES_USED, area__in=["", number_range]).first()


def record_stop(
    *,
    business: Business,
    reason: SmsStopReason,
    area: str,
    priority: int,
    ends_at: datetime,
    now: datetime,
    **counts: Any,
) -> tuple[SmsStop, bool]:
    """Return the active stop for a reason, an area and a priority, and whether it is new.

    Call it while you hold the lock of `admission`.
    """
    identity = {"business": business, "reason": reason, "area": area, "priority": priority}
    if active := list_active_stops(now=now, business=business).filter(**identity).first():
        return active, False
    return SmsStop.objects.create(**identity, started_at=now, ends_at=ends_at, **counts), True


def lift_stop(stop: SmsStop, *, by: str, now: datetime) -> bool:
    """End a stop at the request of staff or an operator; False if it has ended already."""
    lifted = list_active_stops(now=now).filter(pk=stop.pk).update(lifted_at=now, lifted_by=by[:160])
    return bool(lifted)


def get_last_stop_end(business: Business, area: str, *, now: datetime) -> datetime | None:
    """Return when texts of a range, or of the whole business, began to flow again after few codes were typed back."""
    stops = SmsStop.objects.filter(business=business, area=area, reason=SmsStopReason.FEW_CODES_USED)
    ends = [min(stop.lifted_at or stop.ends_at, stop.ends_at) for stop in stops.filter(started_at__lte=now)]
    return max(ends, default=None)


def was_stop_lifted(pk: UUID | None) -> bool:
    """Return whether somebody has lifted a stop."""
    return pk is None or SmsStop.objects.filter(pk=pk, lifted_at__isnull=False).exists()
