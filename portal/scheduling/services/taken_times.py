"""Read when calendars are taken: one statement, and one row for each calendar, with its times in arrays.

A row for each entry would take several times as long: a busy business has thousands of entries a month.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q, QuerySet

from portal.scheduling.availability import BusyRange, GroupSession, get_instant
from portal.scheduling.models import CalendarEntry
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
    return [
        TakenTimes(
            calendar_id,
            list(map(BusyRange, busy_starts, busy_ends)),
            [
                GroupSession(service_id, calendar_id, get_instant(minute), seats_left)
                for service_id, minute, seats_left in zip(service_ids, session_starts, seats, strict=True)
            ],
            counted_starts,
        )
        for calendar_id, busy_starts, busy_ends, service_ids, session_starts, seats, counted_starts in _query_taken(
            calendar_ids, read_range
        )
    ]


def _query_taken(calendar_ids: Collection[UUID], read_range: ReadRange) -> QuerySet:
    """Return rows of a calendar, its busy ranges, its sessions and the starts that are counted, each as arrays."""
    entries = CalendarEntry.objects.filter(calendar__in=calendar_ids, is_active=True)
    # By day limits count the days at both ends of the range whole, and one of them may have 25 hours.
    after, before = read_range.from_at - timedelta(days=2), read_range.until_at + LONGEST_ENTRY
    entries = entries.filter(busy_until__gt=after, busy_from__lt=before)
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
