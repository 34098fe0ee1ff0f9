"""Makes services, calendars and slots for the tests of scheduling. Everything happens in the week of MONDAY."""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.models import (
    Appointment,
    AppointmentSource,
    OpeningHours,
    Resource,
    ResourceKind,
    SchedulingSettings,
    Service,
    StaffCalendar,
)
from portal.scheduling.services import BookingDetails, HoldRequest, SlotQuery
from tenants.context import get_current_business
from tenants.models import Business

BERLIN = "Europe/Berlin"
# A week before the Monday on which most things happen.
NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
MONDAY = datetime(2027, 1, 11, tzinfo=ZoneInfo(BERLIN))
RULES = SchedulingSettings()


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """Return an instant on MONDAY, or so many days later, by Berlin's clocks."""
    day = (MONDAY + timedelta(days=days)).date()
    return datetime.combine(day, time(hour, minute), ZoneInfo(BERLIN)).astimezone(UTC)


def create_calendar(name: str = "Mona", *, hours: tuple[int, int] = (9 * 60, 17 * 60), **fields: Any) -> StaffCalendar:
    """Create a calendar in Berlin that is open from nine to five on every day of the week."""
    values = {"time_zone": BERLIN, "created_at": NOW} | fields
    calendar = StaffCalendar.objects.create(name=name, **values)
    starts_minute, ends_minute = hours
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=calendar, weekday=weekday, starts_minute=starts_minute, ends_minute=ends_minute)
        for weekday in range(7)
    )
    return calendar


def create_service(*calendars: StaffCalendar, resources: tuple[Resource, ...] = (), **fields: Any) -> Service:
    """Create a service of an hour that these calendars give."""
    values = {"name": "Massage", "duration": 60, "price_currency": "EUR", "created_at": NOW} | fields
    service = Service.objects.create(**values)
    service.calendars.set(calendars)
    service.resources.set(resources)
    return service


def create_resource(name: str = "Room 1", kind: ResourceKind = ResourceKind.ROOM) -> Resource:
    """Create a room, or a piece of equipment."""
    return Resource.objects.create(name=name, kind=kind, created_at=NOW)


def build_query(
    service: Service,
    calendar: StaffCalendar | None = None,
    *,
    rules: SchedulingSettings = RULES,
    business: Business | None = None,
    days: int = 1,
) -> SlotQuery:
    """Return a query for the times of MONDAY and the days after it."""
    found = business or get_current_business()
    assert found
    return SlotQuery(
        business=found,
        rules=rules,
        service=services.query_services_with_needs().get(pk=service.pk),
        from_at=at(0),
        until_at=at(0, days=days),
        calendar_id=calendar.pk if calendar else None,
    )


def hold(
    query: SlotQuery,
    starts_at: datetime,
    *,
    key: uuid.UUID | None = None,
    client: Client | None = None,
    now: datetime = NOW,
) -> Appointment:
    """Hold a time from a page of its own, unless the key of one is given."""
    source = AppointmentSource.PORTAL if client else AppointmentSource.PUBLIC_FORM
    request = HoldRequest(key=key or uuid.uuid4(), source=source, client=client)
    return services.hold_slot(query, starts_at, request, now=now)


def book(
    query: SlotQuery, starts_at: datetime, *, client: Client | None = None, now: datetime = NOW, **details: Any
) -> Appointment:
    """Hold a time and book it, as a client or as somebody who hasn't signed in."""
    held = hold(query, starts_at, client=client, now=now)
    assert held.hold_key
    typed = details if client else {"name": "Ana Pereira", "email": "ana@example.com"} | details
    return services.book_hold(
        hold_key=held.hold_key, details=BookingDetails(**typed), client=client, rules=query.rules, now=now
    )


def list_starts(query: SlotQuery, *, now: datetime = NOW) -> list[datetime]:
    """Return the starts that clients are offered."""
    return [slot.starts_at for slot in services.list_slots(query, now=now)]
