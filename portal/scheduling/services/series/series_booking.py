"""Book a series: all of its times, or none; or those that are left once somebody has agreed to skip the others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from portal.clients.models import Client
from portal.scheduling.models import (
    Appointment,
    AppointmentSeries,
    AppointmentSource,
    AppointmentState,
    CalendarEntry,
    ResourceReservation,
)
from portal.scheduling.recurrence import list_occurrences
from portal.scheduling.services.appointment_locks import lock_client
from portal.scheduling.services.calendar_entries import (
    EntryTime,
    build_entry,
    build_reservations,
    raise_time_taken,
    take_seat,
)
from portal.scheduling.services.expired_holds import release_overdue_holds_of
from portal.scheduling.services.seat_booking import lock_candidates
from portal.scheduling.services.series.occurrences import Occurrence, SeriesPlan, list_planned_occurrences
from portal.scheduling.services.series.series_events import record_series_booked
from portal.scheduling.services.slots import SlotQuery
from tenants.staff.staff_actor import StaffActor


class SeriesTimesTaken(Exception):
    """Some times can't be booked that nobody has agreed to skip; `occurrences` are all times of the series."""

    def __init__(self, occurrences: Sequence[Occurrence]):
        super().__init__("times of the series are taken")
        self.occurrences = tuple(occurrences)

    @property
    def taken(self) -> list[Occurrence]:
        """Return those that can't be booked."""
        return [one for one in self.occurrences if one.problem]


class UnknownOccurrence(ValueError):
    """Somebody agreed to skip a time that the series doesn't have."""


class NoTimeLeft(Exception):
    """All times of the series are skipped."""


@transaction.atomic
def book_series(
    plan: SeriesPlan,
    *,
    client: Client,
    note: str = "",
    request_key: UUID | None = None,
    source: AppointmentSource = AppointmentSource.STAFF,
    staff: StaffActor,
    now: datetime,
) -> AppointmentSeries:
    """Book all times of a plan but those that are skipped, once however often a page is sent; each is confirmed.

    Raises SeriesTimesTaken, UnknownOccurrence, NoTimeLeft, InvalidRepeatRule and TooManyOccurrences; then nothing is
    booked.
    """
    lock_client(client.pk)
    key = uuid5(client.pk, str(request_key)) if request_key else None
    if same := _find_sent_series(key):
        return same
    lock_candidates(plan.query)
    starts = list_occurrences(plan.first_local, plan.time_zone, plan.rule)
    release_holds_in_the_way(plan.query, starts, now=now)
    times = _choose_times(plan, client, now=now)
    series = _create_series(plan, client, times, key, now=now)
    appointments = _book_times(series, times, note=note, source=source, now=now)
    record_series_booked(series, appointments, staff=staff, now=now)
    return series


def _find_sent_series(key: UUID | None) -> AppointmentSeries | None:
    return AppointmentSeries.objects.filter(request_key=key).first() if key else None


def _choose_times(plan: SeriesPlan, client: Client, *, now: datetime) -> dict[int, EntryTime]:
    """Return the times to book by their positions. Raises SeriesTimesTaken, UnknownOccurrence and NoTimeLeft."""
    occurrences = list_planned_occurrences(plan, client_id=client.pk, now=now)
    if plan.skipped - {one.starts_at for one in occurrences}:
        raise UnknownOccurrence
    wanted = [one for one in occurrences if one.starts_at not in plan.skipped]
    if any(one.problem for one in wanted):
        raise SeriesTimesTaken(occurrences)
    if not wanted:
        raise NoTimeLeft
    return {one.position: one.entry_time for one in wanted if one.entry_time}


def _create_series(
    plan: SeriesPlan, client: Client, times: Mapping[int, EntryTime], key: UUID | None, *, now: datetime
) -> AppointmentSeries:
    first = plan.first_local
    return AppointmentSeries.objects.create(
        client=client,
        service=plan.query.service,
        calendar_id=next(iter(times.values())).calendar_id,
        starts_on=first.date(),
        starts_minute=first.hour * 60 + first.minute,
        time_zone=plan.time_zone,
        interval_weeks=plan.rule.interval_weeks,
        count=plan.rule.count,
        until_on=plan.rule.until_on,
        request_key=key,
        created_at=now,
    )


def _book_times(
    series: AppointmentSeries, times: Mapping[int, EntryTime], *, note: str, source: AppointmentSource, now: datetime
) -> list[Appointment]:
    """Take the time of each appointment and make them."""
    entries = _take_seats(list(times.values()), occupies_time=not series.client.is_demo, now=now)
    service = series.service
    shared = {
        "series": series,
        "service": service,
        "client": series.client,
        "state": AppointmentState.CONFIRMED,
        "source": source,
        "note": note,
        "price_amount": service.price_amount,
        "price_currency": service.price_currency,
        "location": service.location,
        "created_at": now,
        "updated_at": now,
    }
    return Appointment.objects.bulk_create(
        Appointment(entry=entry, series_position=position, starts_at=entry.starts_at, ends_at=entry.ends_at, **shared)
        for position, entry in zip(times, entries, strict=True)
    )


def _take_seats(times: Sequence[EntryTime], *, occupies_time: bool, now: datetime) -> list[CalendarEntry]:
    """Take a seat at each of these times, in two statements unless it is a group's. Raises TimeTaken."""
    if times[0].service.is_group:
        _lock_groups(times)
        return [take_seat(time, occupies_time=occupies_time, now=now) for time in times]
    entries = [build_entry(time, occupies_time=occupies_time, now=now) for time in times]
    pairs = zip(entries, times, strict=True)
    reservations = [row for entry, time in pairs for row in build_reservations(entry, time.resource_ids)]
    with raise_time_taken():
        CalendarEntry.objects.bulk_create(entries)
        ResourceReservation.objects.bulk_create(reservations)
    return entries


def _lock_groups(times: Sequence[EntryTime]) -> None:
    """Lock the entries to join in the order of their keys, as whoever frees several seats does."""
    same = {"service": times[0].service, "calendar": times[0].calendar_id, "is_active": True}
    rows = CalendarEntry.objects.select_for_update(of=["self"], no_key=True).filter(**same)
    list(rows.filter(starts_at__in=[time.starts_at for time in times]).order_by("pk").values_list("pk"))


def release_holds_in_the_way(query: SlotQuery, starts: Sequence[datetime], *, now: datetime) -> None:
    """Free what has been held too long of these times; the caller has locked the calendars and what they need."""
    calendar_ids = [query.calendar_id] if query.calendar_id else query.service.calendar_ids
    is_in_the_way = Q(calendar__in=calendar_ids)
    if needed := [*query.service.room_ids, *query.service.equipment_ids]:
        is_in_the_way |= Q(reservations__resource__in=needed)
    times = [EntryTime(query.service, calendar_ids[0], start).build_fields() for start in starts if calendar_ids]
    overlaps = [Q(busy_from__lt=each["busy_until"], busy_until__gt=each["busy_from"]) for each in times]
    if overlaps:
        release_overdue_holds_of(CalendarEntry.objects.filter(is_in_the_way, reduce(or_, overlaps)), now=now)
