"""From rules and busy ranges to slots: every start at which a service fits."""

from datetime import UTC, date, datetime
from functools import reduce
from operator import and_, attrgetter, or_
from uuid import UUID

from portal.scheduling.availability.calendar_masks import CalendarMasks, MinuteRange, build_free_minutes
from portal.scheduling.availability.minute_masks import RunFinder, build_range_mask, list_minutes, list_owners
from portal.scheduling.availability.rules import (
    MINUTE,
    MINUTES_PER_DAY,
    BookingWindow,
    GroupSession,
    Schedule,
    ServiceRules,
    Slot,
)
from portal.scheduling.availability.wall_clock import (
    ceil_to_minute,
    floor_to_minute,
    get_date,
    get_instant,
    list_offset_periods,
)


class InstantCache(dict[int, datetime]):
    """The UTC times of minutes, made when first read: slots of all services share one object for each."""

    def __missing__(self, minute: int) -> datetime:
        self[minute] = instant = get_instant(minute)
        return instant


class AvailabilityCalculator:
    """Computes slots of several services in one range of time, and keeps what they share."""

    def __init__(self, schedule: Schedule, from_at: datetime, until_at: datetime) -> None:
        self._schedule = schedule
        self._starts = MinuteRange(ceil_to_minute(from_at), ceil_to_minute(until_at))
        self._instants = InstantCache()
        self._margin = 0
        self._cover(MINUTES_PER_DAY)

    def find_slots(self, service: ServiceRules, window: BookingWindow, calendar_id: UUID | None = None) -> list[Slot]:
        """Return every slot of a service, or of one of its calendars, in order of their starts.

        A slot of free calendars has all seats left. Each session that can be joined is a slot of its own, before
        that of the calendars that are free at the same time: a session is filled before another is opened.
        """
        masks = self._list_start_masks(service, window, calendar_id)
        minutes = list_minutes(reduce(or_, masks.values(), 0))
        instants, begin, end = self._instants, self._covered.starts, self._covered.starts + service.duration
        slots = [
            Slot(instants[begin + minute], instants[end + minute], owners, service.capacity)
            for minute, owners in zip(minutes, list_owners(masks, minutes), strict=True)
        ]
        sessions = self._list_sessions(service, window, calendar_id)
        if not sessions:
            return slots
        joinable = [_build_session_slot(service, session) for session in sessions]
        return sorted([*joinable, *slots], key=attrgetter("starts_at"))

    def find_free_days(
        self, service: ServiceRules, window: BookingWindow, zone: str, calendar_id: UUID | None = None
    ) -> list[date]:
        """Return the dates, on the wall of a zone, on which a slot of the service starts."""
        mask = reduce(or_, self._list_start_masks(service, window, calendar_id).values(), 0)
        for session in self._list_sessions(service, window, calendar_id):
            mask |= self._get_minute_bit(session.starts_at)
        days = set()
        for period in list_offset_periods(zone, *self._starts):
            first = (period.starts + period.offset) // MINUTES_PER_DAY * MINUTES_PER_DAY
            for midnight in range(first, period.ends + period.offset, MINUTES_PER_DAY):
                begins = max(midnight - period.offset, period.starts)
                ends = min(midnight + MINUTES_PER_DAY - period.offset, period.ends)
                if mask & self._build_range_mask(begins, ends):
                    days.add(get_date(midnight))
        return sorted(days)

    def _list_start_masks(
        self, service: ServiceRules, window: BookingWindow, calendar_id: UUID | None
    ) -> dict[UUID, int]:
        """Return the starts at which each calendar of a service is free for it; calendars without any are left out."""
        self._cover(max(service.buffer_before, service.duration + service.buffer_after))
        possible = self._find_resource_starts(service) & self._build_window_mask(window)
        masks = {}
        for one in _list_calendars(service, calendar_id):
            if possible and one in self._schedule.calendars:
                calendar = self._get_calendar(one)
                mask = possible & calendar.opening.find_starts(service.duration)
                mask &= calendar.free.find_starts(service.blocked_minutes) << service.buffer_before
                if mask := mask & calendar.get_start_mask(service.start_interval):
                    masks[one] = mask
        return masks

    def _find_resource_starts(self, service: ServiceRules) -> int:
        """Return the starts at which one room and all the equipment are free, buffers included."""
        free = [self._get_resource(one).find_starts(service.blocked_minutes) for one in service.equipment_ids]
        if service.room_ids:
            rooms = (self._get_resource(one).find_starts(service.blocked_minutes) for one in service.room_ids)
            free.append(reduce(or_, rooms))
        return reduce(and_, free, (1 << self._covered.length) - 1) << service.buffer_before

    def _build_window_mask(self, window: BookingWindow) -> int:
        """Return the minutes that are asked for and in the window."""
        starts = max(self._starts.starts, ceil_to_minute(window.opens_at))
        return self._build_range_mask(starts, min(self._starts.ends, ceil_to_minute(window.closes_at)))

    def _build_range_mask(self, starts: int, ends: int) -> int:
        return build_range_mask(starts - self._covered.starts, ends - self._covered.starts)

    def _cover(self, margin: int) -> None:
        """Let masks reach at least so far beyond the starts that are asked for; drop those that don't."""
        if margin > self._margin:
            self._margin = margin
            self._covered = MinuteRange(self._starts.starts - margin, self._starts.ends + margin)
            self._calendars: dict[UUID, CalendarMasks] = {}
            self._resources: dict[UUID, RunFinder] = {}

    def _get_calendar(self, calendar_id: UUID) -> CalendarMasks:
        if calendar_id not in self._calendars:
            self._calendars[calendar_id] = CalendarMasks(
                self._schedule.calendars[calendar_id],
                self._schedule.busy_by_calendar.get(calendar_id, ()),
                self._schedule.appointments_by_day,
                self._covered,
            )
        return self._calendars[calendar_id]

    def _get_resource(self, resource_id: UUID) -> RunFinder:
        if resource_id not in self._resources:
            busy = self._schedule.busy_by_resource.get(resource_id, ())
            self._resources[resource_id] = build_free_minutes(busy, self._covered)
        return self._resources[resource_id]

    def _list_sessions(
        self, service: ServiceRules, window: BookingWindow, calendar_id: UUID | None
    ) -> list[GroupSession]:
        """Return the sessions that can be joined, whatever the hours, the grid and the day's limit are by now."""
        if service.capacity == 1:
            return []
        calendar_ids = _list_calendars(service, calendar_id)
        bookable = self._build_window_mask(window)
        return [
            one
            for one in self._schedule.sessions
            if one.service_id == service.service_id
            and one.calendar_id in calendar_ids
            and one.seats_left > 0
            and bookable & self._get_minute_bit(one.starts_at)
        ]

    def _get_minute_bit(self, at: datetime) -> int:
        minute = floor_to_minute(at) - self._covered.starts
        return 1 << minute if minute >= 0 else 0


def find_slots(
    service: ServiceRules,
    schedule: Schedule,
    window: BookingWindow,
    *,
    from_at: datetime,
    until_at: datetime,
    calendar_id: UUID | None = None,
) -> list[Slot]:
    """Return every slot of one service that starts from `from_at` on and before `until_at`, in order.

    All of the duration lies in one continuous opening span of a calendar. Buffers may lie outside of it, but nothing is
    busy in them. One room is free all the time. To ask for several services, use one AvailabilityCalculator.
    """
    return AvailabilityCalculator(schedule, from_at, until_at).find_slots(service, window, calendar_id)


def _list_calendars(service: ServiceRules, calendar_id: UUID | None) -> tuple[UUID, ...]:
    """Return the calendars of a service, or the one that is asked for if it is among them."""
    return tuple(one for one in service.calendar_ids if calendar_id in (None, one))


def _build_session_slot(service: ServiceRules, session: GroupSession) -> Slot:
    starts_at = session.starts_at.astimezone(UTC)
    return Slot(starts_at, starts_at + service.duration * MINUTE, (session.calendar_id,), session.seats_left)
