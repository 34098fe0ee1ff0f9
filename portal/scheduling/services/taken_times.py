"""Read when calendars are taken: one statement, and one row for each calendar, with its times in arrays.

A row for each entry would take several times as long: a busy business has thousands of entries a month.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, IntegerField, Q, QuerySet, UUIDField, Value

from portal.scheduling.availability import BusyRange, GroupSession, get_instant
from portal.scheduling.models import CalendarEntry, OutsideBusyTime
from portal.scheduling.services.minute_functions import CeilMinutes, FloorMinutes

# How far entries reach beyond the range that is asked for: the longest service with its buffers.
LONGEST_ENTRY = timedelta(days=3)


@dataclass(frozen=True)
class ReadRange:
    """The range of time to read; an entry that is being moved does not keep itself from its new time."""

    from_at: datetime
    until_at: datetime
    ignored_entry_id: UUID | None = None


class TakenTimes(NamedTuple):
    """Busy ranges of a calendar, sessions with free seats, and the starts (in minutes) that its daily limit counts."""

    calendar_id: UUID
    busy: Sequence[BusyRange]
    sessions: Sequence[GroupSession]
    counted_starts: Sequence[int]


def load_taken_times(calendar_ids: Collection[UUID], read_range: ReadRange) -> list[TakenTimes]:
    """Return what takes time of each calendar; those of which nothing is taken are absent. One statement."""
    taken: dict[UUID, TakenTimes] = {}
    rows = _query_taken(calendar_ids, read_range).union(_query_outside(calendar_ids, read_range), all=True)
    for calendar_id, busy_starts, busy_ends, *sessions, counted_starts in rows:
        known = taken.get(calendar_id, TakenTimes(calendar_id, (), (), ()))
        taken[calendar_id] = TakenTimes(
            calendar_id,
            [*known.busy, *map(BusyRange, busy_starts, busy_ends)],
            [*known.sessions, *_build_sessions(calendar_id, *sessions)],
            [*known.counted_starts, *counted_starts],
        )
    return list(taken.values())


def _build_sessions(
    calendar_id: UUID, service_ids: Iterable[UUID], starts: Iterable[int], seats_left: Iterable[int]
) -> list[GroupSession]:
    return [
        GroupSession(service_id, calendar_id, get_instant(minute), seats)
        for service_id, minute, seats in zip(service_ids, starts, seats_left, strict=True)
    ]


def _query_taken(calendar_ids: Collection[UUID], read_range: ReadRange) -> QuerySet:
    """Return rows of a calendar, its busy ranges, its sessions and the starts that are counted, each as arrays."""
    entries = CalendarEntry.objects.filter(calendar__in=calendar_ids, is_active=True)
    entries = entries.filter(_overlaps(read_range))
    if read_range.ignored_entry_id:
        entries = entries.exclude(pk=read_range.ignored_entry_id)
    joinable = Q(capacity__gt=1, seats_taken__lt=F("capacity"))
    counted = Q(service__isnull=False, calendar__daily_limit__isnull=False)
    return entries.values_list("calendar_id").annotate(
        busy_starts=ArrayAgg(FloorMinutes("busy_from")),
        busy_ends=ArrayAgg(CeilMinutes("busy_until")),
        services=ArrayAgg("service_id", filter=joinable, default=[]),
        session_starts=ArrayAgg(FloorMinutes("starts_at"), filter=joinable, default=[]),
        seats_left=ArrayAgg(F("capacity") - F("seats_taken"), filter=joinable, default=[]),
        counted_starts=ArrayAgg(FloorMinutes("starts_at"), filter=counted, default=[]),
    )


def _query_outside(calendar_ids: Collection[UUID], read_range: ReadRange) -> QuerySet:
    """Return rows of a calendar and when outside calendars of it are busy, in the columns of the entries."""
    rows = OutsideBusyTime.objects.filter(outside_calendar__calendar__in=calendar_ids, outside_calendar__is_active=True)
    return (
        rows.filter(_overlaps(read_range))
        .values_list("outside_calendar__calendar_id")
        .annotate(
            busy_starts=ArrayAgg(FloorMinutes("busy_from")),
            busy_ends=ArrayAgg(CeilMinutes("busy_until")),
            services=Value([], ArrayField(UUIDField())),
            session_starts=Value([], ArrayField(IntegerField())),
            seats_left=Value([], ArrayField(IntegerField())),
            counted_starts=Value([], ArrayField(IntegerField())),
        )
    )


def _overlaps(read_range: ReadRange) -> Q:
    # By day limits count the days at both ends of the range whole, and one of them may have 25 hours.
    after, before = read_range.from_at - timedelta(days=2), read_range.until_at + LONGEST_ENTRY
    return Q(busy_until__gt=after, busy_from__lt=before)
