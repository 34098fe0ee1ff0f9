"""When the outside calendars of staff are busy, and which appointments that were agreed before are in conflict."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from portal.scheduling.models import Appointment, OutsideBusyTime


def query_outside_busy_times(
    calendar_ids: Iterable[UUID], from_at: datetime, until_at: datetime
) -> QuerySet[OutsideBusyTime]:
    """Return the times that overlap a range of instants and count as busy in these staff calendars."""
    counted = OutsideBusyTime.objects.filter(
        outside_calendar__is_active=True, outside_calendar__calendar__in=calendar_ids
    )
    return counted.filter(busy_from__lt=until_at, busy_until__gt=from_at).order_by("busy_from", "busy_until", "pk")


def list_conflicting_calendars(appointment: Appointment) -> list[str]:
    """Return the names of the outside calendars that are busy at the time of an appointment: it stays agreed."""
    if not appointment.is_open or not appointment.entry.is_active:
        return []
    times = query_outside_busy_times([appointment.entry.calendar_id], appointment.starts_at, appointment.ends_at)
    return sorted(set(times.order_by().values_list("outside_calendar__name", flat=True)))
