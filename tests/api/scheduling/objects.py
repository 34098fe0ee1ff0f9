"""Creates services, calendars and appointments, to try the API on."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal.clients.models import Client
from portal.scheduling.models import (
    Appointment,
    AppointmentSource,
    AppointmentState,
    CalendarEntry,
    HoursException,
    OpeningHours,
    OutsideCalendar,
    Resource,
    Service,
    ServiceQuestion,
    StaffCalendar,
)
from tenants.encryption import encrypt_text
from tests.api.scheduling.package_objects import PACKAGE_OBJECTS
from tests.api.scheduling.waiting_list_objects import create_entry


def create_calendar(name: str, now: datetime, **fields: Any) -> StaffCalendar:
    """Create a calendar that is open from nine to five, UTC, on every day."""
    calendar = StaffCalendar.objects.create(**{"name": name, "time_zone": "UTC", "created_at": now} | fields)
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=calendar, weekday=weekday, starts_minute=540, ends_minute=1020) for weekday in range(7)
    )
    return calendar


def create_resource(name: str, now: datetime) -> Resource:
    """Create a room."""
    return Resource.objects.create(name=name, created_at=now)


def create_service(name: str, now: datetime, **fields: Any) -> Service:
    """Create a service of an hour with a calendar and a room of its own, and two questions."""
    service = Service.objects.create(
        **{"name": name, "duration": 60, "price_currency": "GBP", "created_at": now} | fields
    )
    service.calendars.add(create_calendar(f"{name}’s", now))
    service.resources.add(create_resource(f"{name}’s", now))
    for position, label in enumerate(("Knee or back?", "Since when?")):
        ServiceQuestion.objects.create(service=service, label=label, position=position)
    return service


def create_appointment(client: Client | None, now: datetime, **fields: Any) -> Appointment:
    """Create a request for an appointment tomorrow, with a service and calendar of its own."""
    service = create_service("Massage", now)
    starts_at = (now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    busy = {"busy_from": times["starts_at"], "busy_until": times["ends_at"]}
    calendar = service.calendars.get()
    entry = CalendarEntry.objects.create(
        calendar=calendar, service=service, seats_taken=1, created_at=now, **times, **busy
    )
    values = {"state": AppointmentState.REQUESTED, "source": AppointmentSource.PORTAL, "answers": [["Knee?", "Yes"]]}
    seen = {"created_at": now, "updated_at": now}
    return Appointment.objects.create(
        **{"entry": entry, "service": service, "client": client} | times | values | seen | fields
    )


def add_opening_hours(ids: dict[str, str], number: int) -> OpeningHours:
    """Add a span to the week of the calendar of the paths."""
    minutes = {"starts_minute": 10 * number, "ends_minute": 10 * number + 5}
    return OpeningHours.objects.create(calendar_id=ids["calendar_id"], weekday=0, **minutes)


def add_exception(ids: dict[str, str], number: int) -> HoursException:
    """Close the calendar of the paths on a day."""
    day = date(2027, 1, 1) + timedelta(days=number)
    return HoursException.objects.create(calendar_id=ids["calendar_id"], starts_on=day, ends_on=day)


def create_outside_calendar(calendar_id: Any, now: datetime) -> OutsideCalendar:
    """Create an outside calendar of a staff calendar."""
    return OutsideCalendar.objects.create(
        calendar_id=calendar_id,
        name="Private",
        address=encrypt_text("https://calendar.example.com/secret.ics"),
        created_at=now,
        next_fetch_at=now,
    )


def add_blocked_time(ids: dict[str, str], number: int) -> CalendarEntry:
    """Block an hour of the calendar of the paths."""
    starts_at = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    ends_at = starts_at + timedelta(hours=1)
    busy = {"busy_from": starts_at, "busy_until": ends_at}
    times = {"starts_at": starts_at, "ends_at": ends_at, "created_at": starts_at} | busy
    return CalendarEntry.objects.create(calendar_id=ids["calendar_id"], title="Training", capacity=0, **times)


# By the parameter of the path.
SCHEDULING_OBJECTS: dict[str, Callable[[Client, datetime], UUID | str]] = {
    "service_id": lambda client, now: create_service("Yoga", now).pk,
    "calendar_id": lambda client, now: create_calendar("Mona", now).pk,
    "resource_id": lambda client, now: create_resource("Room 1", now).pk,
    "exception_id": lambda client, now: add_exception({"calendar_id": str(create_calendar("Ben", now).pk)}, 0).pk,
    "outside_calendar_id": lambda client, now: create_outside_calendar(create_calendar("Kim", now).pk, now).pk,
    "blocked_time_id": lambda client, now: add_blocked_time({"calendar_id": str(create_calendar("Pat", now).pk)}, 0).pk,
    "appointment_id": lambda client, now: create_appointment(client, now).pk,
    "waiting_list_entry_id": lambda client, now: create_entry(client, now).pk,
    **PACKAGE_OBJECTS,
}
