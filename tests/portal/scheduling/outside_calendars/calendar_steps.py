"""Steps of the tests about outside calendars: files, and a staff calendar that is kept elsewhere as well."""

from datetime import datetime, timedelta
from typing import Any

from portal.scheduling import services
from portal.scheduling.models import OutsideCalendar, StaffCalendar
from tenants.staff.staff_actor import StaffActor
from tests.portal.scheduling.scheduling_rows import NOW

SECRET_PATH = "/private-9f31/basic.ics"
MEETING = ["DTSTART;TZID=Europe/Berlin:20270111T100000", "DTEND;TZID=Europe/Berlin:20270111T120000"]


def build_file(*events: list[str]) -> bytes:
    """Return a calendar file with events, each a list of lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tests//EN"]
    for number, event in enumerate(events):
        own_uid = [] if any(line.startswith("UID:") for line in event) else [f"UID:{number}@tests"]
        lines += ["BEGIN:VEVENT", *own_uid, "DTSTAMP:20260101T000000Z", "SUMMARY:Therapy", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def add_outside(
    calendar: StaffCalendar, address: str, staff: StaffActor, *, now: datetime = NOW, **values: Any
) -> OutsideCalendar:
    """Add an outside calendar, and read it."""
    outside = services.add_outside_calendar(
        calendar=calendar, address=address, staff=staff, now=now, **{"name": "Private"} | values
    )
    return fetch(outside, now=now)


def fetch(outside: OutsideCalendar, *, now: datetime = NOW) -> OutsideCalendar:
    """Read an outside calendar, and return what is stored of it then."""
    services.fetch_outside_calendar(outside_calendar_id=outside.pk, clock=lambda: now)
    return OutsideCalendar.objects.select_related("calendar").get(pk=outside.pk)


def list_busy(outside: OutsideCalendar) -> list[tuple[datetime, datetime]]:
    """Return when an outside calendar is busy."""
    return list(outside.busy_times.order_by("busy_from").values_list("busy_from", "busy_until"))


def later(**duration: float) -> datetime:
    """Return an instant so long after everything begins."""
    return NOW + timedelta(**duration)
