"""Read what availability depends on: services, hours, exceptions, and the times that are taken. Six statements."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from portal.scheduling.availability import (
    BusyRange,
    CalendarRules,
    DateException,
    Schedule,
    ServiceRules,
    WeeklyHours,
    get_instant,
)
from portal.scheduling.models import (
    HoursException,
    Resource,
    ResourceKind,
    ResourceReservation,
    SchedulingSettings,
    Service,
    StaffCalendar,
)
from portal.scheduling.services.minute_functions import CeilMinutes, FloorMinutes
from portal.scheduling.services.taken_times import LONGEST_ENTRY, ReadRange, TakenTimes, load_taken_times


def query_services_with_needs() -> QuerySet[Service]:
    """Return services, each with the keys of its active calendars and of the rooms and equipment it needs."""
    # mypy takes the annotations for new attributes, though the model names them.
    return Service.objects.annotate(  # type: ignore[no-redef]
        calendar_ids=ArrayAgg("calendars", filter=Q(calendars__is_active=True), distinct=True, default=[]),
        room_ids=_collect_resources(ResourceKind.ROOM),
        equipment_ids=_collect_resources(ResourceKind.EQUIPMENT),
    )


def build_service_rules(service: Service, rules: SchedulingSettings) -> ServiceRules:
    """Return what availability needs of a service that was read by `query_services_with_needs`."""
    return ServiceRules(
        service_id=service.pk,
        duration=service.duration,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        start_interval=service.start_interval or rules.start_interval,
        capacity=service.capacity,
        calendar_ids=tuple(service.calendar_ids),
        room_ids=tuple(service.room_ids),
        equipment_ids=tuple(service.equipment_ids),
    )


def load_schedule(service_rules: Sequence[ServiceRules], read_range: ReadRange) -> Schedule:
    """Return the hours of the services' calendars, and what is taken of their time and of what they need."""
    calendar_ids = {pk for service in service_rules for pk in service.calendar_ids}
    resource_ids = {pk for service in service_rules for pk in (*service.room_ids, *service.equipment_ids)}
    calendars = load_calendars(calendar_ids, read_range)
    taken = load_taken_times(calendar_ids, read_range)
    return Schedule(
        calendars=calendars,
        busy_by_calendar={one.calendar_id: one.busy for one in taken},
        busy_by_resource=_load_busy_resources(resource_ids, read_range) if resource_ids else {},
        sessions=[session for one in taken for session in one.sessions],
        appointments_by_day=_count_by_day(taken, calendars),
    )


def load_calendars(calendar_ids: Collection[UUID], read_range: ReadRange) -> dict[UUID, CalendarRules]:
    """Return the hours of active calendars, with the exceptions around a range. Two statements."""
    hours: dict[UUID, list[WeeklyHours]] = defaultdict(list)
    rows = StaffCalendar.objects.filter(pk__in=calendar_ids, is_active=True).order_by("pk")
    columns = (
        "pk",
        "time_zone",
        "daily_limit",
        "opening_hours__weekday",
        "opening_hours__starts_minute",
        "opening_hours__ends_minute",
    )
    found = {}
    for pk, time_zone, daily_limit, weekday, starts_minute, ends_minute in rows.values_list(*columns):
        found[pk] = (time_zone, daily_limit)
        if weekday is not None:
            hours[pk].append(WeeklyHours(weekday, starts_minute, ends_minute))
    exceptions = _load_exceptions(calendar_ids, read_range)
    return {
        pk: CalendarRules(pk, time_zone, tuple(hours[pk]), (*exceptions[None], *exceptions[pk]), daily_limit)
        for pk, (time_zone, daily_limit) in found.items()
    }


def _collect_resources(kind: ResourceKind) -> ArrayAgg:
    return ArrayAgg("resources", filter=Q(resources__kind=kind), distinct=True, default=[])


def _load_exceptions(
    calendar_ids: Collection[UUID], read_range: ReadRange
) -> defaultdict[UUID | None, list[DateException]]:
    # A day may begin a day earlier or later elsewhere, and hours may run over midnight.
    first, last = read_range.from_at.date() - timedelta(days=2), read_range.until_at.date() + timedelta(days=2)
    rows = HoursException.objects.filter(Q(calendar=None) | Q(calendar__in=calendar_ids))
    found: defaultdict[UUID | None, list[DateException]] = defaultdict(list)
    for row in rows.filter(ends_on__gte=first, starts_on__lte=last):
        hours = () if row.starts_minute is None else ((row.starts_minute, row.ends_minute or 0),)
        found[row.calendar_id].append(DateException(row.starts_on, row.ends_on, hours, row.is_addition))
    return found


def _load_busy_resources(resource_ids: Collection[UUID], read_range: ReadRange) -> dict[UUID, list[BusyRange]]:
    taken = ResourceReservation.objects.filter(resource__in=resource_ids, is_active=True)
    taken = taken.filter(
        busy_until__gt=read_range.from_at - LONGEST_ENTRY, busy_from__lt=read_range.until_at + LONGEST_ENTRY
    )
    if read_range.ignored_entry_id:
        taken = taken.exclude(entry=read_range.ignored_entry_id)
    busy = _group_busy_ranges(taken.values_list("resource_id", FloorMinutes("busy_from"), CeilMinutes("busy_until")))
    # What is needed and has been withdrawn is never free.
    always = BusyRange.between(read_range.from_at - LONGEST_ENTRY, read_range.until_at + LONGEST_ENTRY)
    for pk in Resource.objects.filter(pk__in=resource_ids, is_active=False).values_list("pk", flat=True):
        busy[pk] = [always]
    return busy


def _group_busy_ranges(rows: Iterable[tuple[UUID, int, int]]) -> dict[UUID, list[BusyRange]]:
    grouped: dict[UUID, list[BusyRange]] = defaultdict(list)
    for key, starts, ends in rows:
        grouped[key].append(BusyRange(starts, ends))
    return grouped


def _count_by_day(taken: Iterable[TakenTimes], calendars: dict[UUID, CalendarRules]) -> Counter[tuple[UUID, date]]:
    """Return how many entries of a service each calendar with a daily limit has on each of its days."""
    limited = {pk: ZoneInfo(rules.time_zone) for pk, rules in calendars.items() if rules.daily_limit}
    return Counter(
        (one.calendar_id, get_instant(minute).astimezone(limited[one.calendar_id]).date())
        for one in taken
        if one.calendar_id in limited
        for minute in one.counted_starts
    )
