"""Take and free the time of calendars, rooms and equipment. Whether a time is taken, PostgreSQL decides.

Whoever takes time locks the calendars first and then the rooms and equipment, each in the order of their keys: two
transactions that wait for one another in a constraint would otherwise end as a deadlock.
"""

from collections.abc import Collection, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Greatest, Least

from portal.scheduling.models import Appointment, CalendarEntry, Resource, ResourceReservation, Service, StaffCalendar
from portal.scheduling.models.appointment import SEATED_STATES
from portal.scheduling.services.waiting_list.freed_times import offer_freed_time

EXCLUSION_VIOLATION = "23P01"


class TimeTaken(Exception):
    """Somebody else has the time, or the last seat of it."""


class ClientHasSeat(Exception):
    """The client has a seat in this group's time already."""


@dataclass(frozen=True)
class EntryTime:
    """A service's time in one calendar, and the rooms and equipment that it needs then."""

    service: Service
    calendar_id: UUID
    starts_at: datetime
    resource_ids: tuple[UUID, ...] = ()

    @property
    def ends_at(self) -> datetime:
        """Return when the service ends, without its buffer."""
        return self.starts_at + timedelta(minutes=self.service.duration)

    def build_fields(self) -> dict[str, Any]:
        """Return the times of the calendar entry."""
        return {
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "busy_from": self.starts_at - timedelta(minutes=self.service.buffer_before),
            "busy_until": self.ends_at + timedelta(minutes=self.service.buffer_after),
        }


def lock_calendars(calendar_ids: Iterable[UUID]) -> list[StaffCalendar]:
    """Return calendars; nobody else takes time of theirs until the transaction ends."""
    rows = StaffCalendar.objects.select_for_update(of=["self"], no_key=True)
    return list(rows.filter(pk__in=calendar_ids).order_by("pk"))


def lock_resources(resource_ids: Collection[UUID]) -> None:
    """Let nobody else take these rooms and pieces of equipment until the transaction ends."""
    if resource_ids:
        rows = Resource.objects.select_for_update(of=["self"], no_key=True)
        list(rows.filter(pk__in=resource_ids).order_by("pk").values_list("pk"))


def take_seat(
    time: EntryTime, *, is_overbooked: bool = False, occupies_time: bool = True, now: datetime
) -> CalendarEntry:
    """Take a seat at a time: a further one of a group's, or the first one of a new entry. Raises TimeTaken.

    Without `occupies_time` the entry keeps nobody else from the time, as those of demo clients.
    """
    if occupies_time and (entry := join_group(time, is_overbooked=is_overbooked)):
        return entry
    entry = build_entry(time, is_overbooked=is_overbooked, occupies_time=occupies_time, now=now)
    with raise_time_taken():
        entry.save(force_insert=True)
        ResourceReservation.objects.bulk_create(build_reservations(entry, time.resource_ids))
    return entry


def build_entry(
    time: EntryTime, *, is_overbooked: bool = False, occupies_time: bool = True, now: datetime
) -> CalendarEntry:
    """Return an unsaved entry with one seat taken, as `take_seat` makes it."""
    return CalendarEntry(
        calendar_id=time.calendar_id,
        service=time.service,
        capacity=time.service.capacity,
        seats_taken=1,
        is_active=occupies_time,
        is_overbooked=is_overbooked,
        created_at=now,
        **time.build_fields(),
    )


def join_group(time: EntryTime, *, is_overbooked: bool = False) -> CalendarEntry | None:
    """Take a seat of a group's time that has begun to fill, or return None. Raises TimeTaken if it is full.

    With `is_overbooked` it then gets a seat more.
    """
    if not time.service.is_group:
        return None
    same_time = {"service": time.service, "calendar": time.calendar_id, "starts_at": time.starts_at, "is_active": True}
    entry = CalendarEntry.objects.filter(**same_time).first()
    if entry is None:
        return None
    has_seat = CalendarEntry.objects.filter(pk=entry.pk, is_active=True, seats_taken__lt=F("capacity"))
    if has_seat.update(seats_taken=F("seats_taken") + 1):
        return entry
    if not is_overbooked:
        raise TimeTaken
    CalendarEntry.objects.filter(pk=entry.pk).update(seats_taken=F("seats_taken") + 1, capacity=F("capacity") + 1)
    return entry


def move_entry(entry: CalendarEntry, time: EntryTime, *, is_overbooked: bool = False) -> CalendarEntry:
    """Move an entry with all its seats. Raises TimeTaken."""
    offer_freed_time(entry_id=entry.pk)
    for name, value in time.build_fields().items():
        setattr(entry, name, value)
    entry.calendar_id, entry.is_overbooked = time.calendar_id, is_overbooked
    with raise_time_taken():
        entry.save()
        entry.reservations.all().delete()
        ResourceReservation.objects.bulk_create(build_reservations(entry, time.resource_ids))
    return entry


def require_no_seat(entry: CalendarEntry, client_id: UUID | None, *, moved_ids: Collection[UUID] = ()) -> None:
    """Check that a client who takes a seat of a group has no other one in it. Raises ClientHasSeat."""
    if entry.capacity > 1 and client_id:
        seats = Appointment.objects.filter(entry=entry, client=client_id, state__in=SEATED_STATES)
        if seats.exclude(pk__in=moved_ids).exists():
            raise ClientHasSeat


def release_seats(entry_id: UUID, *, count: int = 1) -> None:
    """Free seats; with the last one, the time of the calendar, its rooms and equipment is free as well.

    A seat that staff overbooked is not offered to others.
    """
    offer_freed_time(entry_id=entry_id)
    offered = Subquery(Service.objects.filter(calendar_entries=OuterRef("pk")).values("capacity")[:1])
    CalendarEntry.objects.filter(pk=entry_id).update(
        capacity=Greatest(F("seats_taken") - count, Least(F("capacity"), offered)),
        seats_taken=F("seats_taken") - count,
        is_active=Case(When(seats_taken__gt=count, then=F("is_active")), default=Value(False)),
    )
    ResourceReservation.objects.filter(entry=entry_id, entry__is_active=False).update(is_active=False)


@contextmanager
def raise_time_taken():
    """Run a block in a savepoint, and raise TimeTaken where a constraint refuses its time or its seat."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if getattr(error.__cause__, "sqlstate", "") != EXCLUSION_VIOLATION:
            raise
        raise TimeTaken from error


def build_reservations(entry: CalendarEntry, resource_ids: Iterable[UUID]) -> list[ResourceReservation]:
    """Return the unsaved reservations of what an entry needs."""
    shared = {name: getattr(entry, name) for name in ("busy_from", "busy_until", "is_active", "is_overbooked")}
    return [ResourceReservation(entry=entry, resource_id=pk, **shared) for pk in sorted(set(resource_ids))]
