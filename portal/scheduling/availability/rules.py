"""What slots are computed from: opening hours, services, busy ranges and booking windows; and the slot itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MINUTES_PER_DAY = 1440
# Hours that begin on one day end at the latest when the next day does.
MAX_ENDS_MINUTE = 2 * MINUTES_PER_DAY


def validate_hours(starts_minute: int, ends_minute: int) -> None:
    """Raise ValueError unless these are minutes after midnight of one day, the end after the start."""
    if not 0 <= starts_minute < ends_minute <= MAX_ENDS_MINUTE:
        raise ValueError(f"hours from minute {starts_minute} to minute {ends_minute}")


@dataclass(frozen=True)
class WeeklyHours:
    """Opening hours of one weekday (0 is Monday), in minutes of wall-clock time after its midnight.

    An end past 1440 lies on the next day. The hours belong to the day on which they start.
    """

    weekday: int
    starts_minute: int
    ends_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday {self.weekday}")
        validate_hours(self.starts_minute, self.ends_minute)


@dataclass(frozen=True)
class DateException:
    """Other hours on the days from `starts_on` to `ends_on`, both included.

    Without `is_addition` they replace the weekly hours (no hours: closed), with it they are added. Of several
    replacements of one day, a closed one wins; otherwise the hours of all count. Additions count even on a closed day.
    Hours of the day before that run over midnight belong to that day and stay.
    """

    starts_on: date
    ends_on: date
    hours: tuple[tuple[int, int], ...]
    is_addition: bool = False

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError(f"exception from {self.starts_on} to {self.ends_on}")
        for starts_minute, ends_minute in self.hours:
            validate_hours(starts_minute, ends_minute)


@dataclass(frozen=True)
class CalendarRules:
    """When one calendar is open, in wall-clock time of its zone, and how many appointments a local day takes."""

    calendar_id: UUID
    time_zone: str
    weekly_hours: tuple[WeeklyHours, ...]
    exceptions: tuple[DateException, ...] = ()
    daily_limit: int | None = None


@dataclass(frozen=True)
class ServiceRules:
    """What one service takes: minutes, seats, one of its calendars, one of its rooms, all of its equipment."""

    service_id: UUID
    duration: int
    buffer_before: int
    buffer_after: int
    start_interval: int
    capacity: int
    calendar_ids: tuple[UUID, ...]
    room_ids: tuple[UUID, ...] = ()
    equipment_ids: tuple[UUID, ...] = ()

    def __post_init__(self) -> None:
        if min(self.duration, self.start_interval, self.capacity) < 1:
            raise ValueError("duration, start interval and capacity are at least 1")
        if min(self.buffer_before, self.buffer_after) < 0:
            raise ValueError("a buffer is at least 0 minutes")

    @property
    def blocked_minutes(self) -> int:
        """Return how long an appointment keeps its calendar, room and equipment, buffers included."""
        return self.buffer_before + self.duration + self.buffer_after


class BusyRange(NamedTuple):
    """A half-open range in which a calendar, room or piece of equipment is taken, its own buffers included.

    In minutes since 1970-01-01 00:00 UTC: the database can count them much faster than Python makes them of times.
    """

    starts: int
    ends: int

    @classmethod
    def between(cls, starts_at: datetime, ends_at: datetime) -> "BusyRange":
        """Return the range between two aware times. Seconds count outwards: a minute taken in part is taken."""
        return cls((starts_at - EPOCH) // MINUTE, -((EPOCH - ends_at) // MINUTE))

    @property
    def starts_at(self) -> datetime:
        """Return the first instant."""
        return EPOCH + self.starts * MINUTE

    @property
    def ends_at(self) -> datetime:
        """Return the instant after the last one."""
        return EPOCH + self.ends * MINUTE


@dataclass(frozen=True)
class GroupSession:
    """An occupied session of a group service, and how many seats are left."""

    service_id: UUID
    calendar_id: UUID
    starts_at: datetime
    seats_left: int


@dataclass(frozen=True)
class BookingWindow:
    """Starts can be booked from `opens_at` on and before `closes_at`. The caller applies notice and horizon."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Schedule:
    """What is known of a business's calendars and resources. Busy ranges need no order and may overlap.

    `appointments_by_day` counts appointments by calendar and date in its zone, for daily limits.
    """

    calendars: Mapping[UUID, CalendarRules]
    busy_by_calendar: Mapping[UUID, Sequence[BusyRange]] = field(default_factory=dict)
    busy_by_resource: Mapping[UUID, Sequence[BusyRange]] = field(default_factory=dict)
    sessions: Sequence[GroupSession] = ()
    appointments_by_day: Mapping[tuple[UUID, date], int] = field(default_factory=dict)


class Slot(NamedTuple):
    """A time, in UTC, at which a service can be booked, with the calendars that are free for it."""

    starts_at: datetime
    ends_at: datetime
    calendar_ids: tuple[UUID, ...]
    seats_left: int
