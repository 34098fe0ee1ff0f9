"""The section "Today" of the console's home page: who comes when, and which requests wait for an answer."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from portal.scheduling.console.calendar_blocks import build_seat_marks
from portal.scheduling.console.calendar_range import get_midnight
from portal.scheduling.console.requests import count_requests
from portal.scheduling.models import Appointment, AppointmentState, StaffCalendar
from tenants.staff.request_types import StaffRequest

TODAY_STATES = (
    AppointmentState.REQUESTED,
    AppointmentState.CONFIRMED,
    AppointmentState.DONE,
    AppointmentState.NO_SHOW,
)
MAX_APPOINTMENTS = 12


def build_today(request: StaffRequest, now: datetime) -> dict[str, Any] | None:
    """Return today's appointments that are not over, and how many requests wait; None without staff calendars."""
    if not StaffCalendar.objects.filter(is_active=True).exists():
        return None
    today, zone = timezone.localdate(now), ZoneInfo(request.business.time_zone)
    midnight = get_midnight(today + timedelta(days=1), zone)
    found = Appointment.objects.exclude_demo().filter(state__in=TODAY_STATES)
    found = found.filter(starts_at__lt=midnight, ends_at__gt=get_midnight(today, zone))
    rows = found.select_related("client", "service", "entry__calendar").order_by("starts_at", "pk")
    coming = [row for row in rows if row.ends_at > now]
    return {
        "appointments": [(row, build_seat_marks(row)) for row in coming[:MAX_APPOINTMENTS]],
        "hidden_count": max(len(coming) - MAX_APPOINTMENTS, 0),
        "past_count": len(rows) - len(coming),
        "requests": count_requests(now=now),
    }
