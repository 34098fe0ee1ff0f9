"""What somebody waits for, and which times fit it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.scheduling.availability import Slot
from portal.scheduling.models import PartOfDay, Service, WaitingListEntry

# The hours of the business's clocks in which an appointment begins.
HOURS = {
    PartOfDay.ANY: range(24),
    PartOfDay.MORNING: range(12),
    PartOfDay.AFTERNOON: range(12, 17),
    PartOfDay.EVENING: range(17, 24),
}
# How many days somebody can wait for at most, and how far ahead.
MAX_DAYS = 92
MAX_DAYS_AHEAD = 730


@dataclass(frozen=True)
class WaitingPreferences:
    """What somebody wants: a service, whose time, from which day until which, and in which part of the day."""

    service: Service
    from_on: date
    until_on: date
    part_of_day: PartOfDay = PartOfDay.ANY
    calendar_id: UUID | None = None


class InvalidPreferences(Exception):
    """Nobody can wait for this. `field` is what is wrong, and `reason` a code for it."""

    def __init__(self, field: str, reason: str):
        super().__init__(reason)
        self.field, self.reason = field, reason


@dataclass(frozen=True)
class TakenTime:
    """A time at which a client has something else, or which they were offered before."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, slot: Slot) -> bool:
        """Tell whether a slot is at the same time, in part at least."""
        return self.starts_at < slot.ends_at and slot.starts_at < self.ends_at


def check_preferences(preferences: WaitingPreferences, *, today: date) -> None:
    """Check that somebody can wait for this. Raises InvalidPreferences."""
    if not preferences.service.is_bookable_by(is_client=True):
        raise InvalidPreferences("service", "not_offered")
    if preferences.calendar_id and preferences.calendar_id not in preferences.service.calendar_ids:
        raise InvalidPreferences("calendar", "not_found")
    if preferences.until_on < preferences.from_on:
        raise InvalidPreferences("until_on", "before_from")
    if preferences.until_on < today:
        raise InvalidPreferences("until_on", "in_the_past")
    if preferences.until_on - preferences.from_on >= timedelta(days=MAX_DAYS):
        raise InvalidPreferences("until_on", "too_long")
    if preferences.until_on - today > timedelta(days=MAX_DAYS_AHEAD):
        raise InvalidPreferences("until_on", "too_far")


def fits(entry: WaitingListEntry, starts_at: datetime, calendar_ids: Iterable[UUID], zone: ZoneInfo) -> bool:
    """Tell whether a start in one of these calendars is what somebody waits for."""
    local = starts_at.astimezone(zone)
    is_theirs = entry.calendar_id is None or entry.calendar_id in calendar_ids
    is_in_days = entry.from_on <= local.date() <= entry.until_on
    return is_theirs and is_in_days and local.hour in HOURS[PartOfDay(entry.part_of_day)]
