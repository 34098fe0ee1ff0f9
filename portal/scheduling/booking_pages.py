"""The month with its free days and the times of one day, from which clients choose when they book or move."""

import re
from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from portal.scheduling.availability import Slot
from portal.scheduling.services import SlotQuery, build_booking_window, group_by_day, list_free_days, list_slots
from portal.scheduling.services.slots import BOOKABLE_YEARS

WEEKS = Calendar(firstweekday=0)
ONE_DAY = timedelta(days=1)
MONTH_FORMAT = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
DAY_FORMAT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
INSTANT_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class DayChoice:
    """One day of the month's weeks, some of whose first and last days belong to the months beside it."""

    on: date
    is_in_month: bool
    is_free: bool
    is_chosen: bool


@dataclass(frozen=True)
class TimeChoice:
    """One start that can be booked: `label` by the reader's clocks, `business_label` by the business's if they differ.

    Where clocks are put back, a time that exists twice has its zone's abbreviation.
    """

    starts_at: datetime
    label: str
    business_label: str
    seats_left: int

    @property
    def value(self) -> str:
        """Return the start as a form sends it, which `parse_start` reads."""
        return format_start(self.starts_at)


@dataclass(frozen=True)
class MonthPage:
    """What a page shows of one month; `previous_on` and `next_on` are first days of months that can be shown.

    `times` are those of `chosen_on`. `next_free_on` is the next free day where the chosen one or the month has none.
    `time_zone` is the reader's.
    """

    first_on: date
    weeks: Sequence[Sequence[DayChoice]]
    previous_on: date | None
    next_on: date | None
    chosen_on: date | None
    times: Sequence[TimeChoice]
    next_free_on: date | None
    time_zone: str


def build_month_page(query: SlotQuery, *, month: str = "", day: str = "", zone: ZoneInfo, now: datetime) -> MonthPage:
    """Return a month like `2027-01` with the times of a day like `2027-01-11`, as a page's address names them.

    Without a day, the first free one is chosen; without a month, it is that of the day or the first with a free day.
    What is no date or outside the booking window counts as the nearest month inside it. The query's range is ignored.
    """
    search = _DaySearch.build(query, zone, now=now)
    chosen_on = parse_day(day)
    shown_on = search.clamp(parse_month(month) or chosen_on or search.first_on).replace(day=1)
    slots = search.list_month(shown_on)
    is_any_month = not (slots or chosen_on or parse_month(month))
    if is_any_month and (found_on := search.find_free_day(_get_next_month(shown_on))):
        return build_month_page(query, day=found_on.isoformat(), zone=zone, now=now)
    if chosen_on is None or chosen_on.replace(day=1) != shown_on:
        chosen_on = min(slots, default=None)
    return search.build_page(shown_on, slots, chosen_on)


def build_time_choices(slots: Sequence[Slot], query: SlotQuery, zone: ZoneInfo) -> list[TimeChoice]:
    """Return slots as a page shows them; of several at one start, the one that is filled first."""
    business_zone = ZoneInfo(query.business.time_zone)
    by_start = {slot.starts_at: slot for slot in reversed(slots)}
    return [
        TimeChoice(
            starts_at,
            format_clock_time(starts_at, zone),
            format_business_time(starts_at, zone, business_zone),
            by_start[starts_at].seats_left,
        )
        for starts_at in sorted(by_start)
    ]


def format_clock_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return a time by the clocks of a zone, with the zone's abbreviation where the same time comes twice that day."""
    local = instant.astimezone(zone)
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M %Z}" if is_twice else f"{local:%H:%M}"


def format_business_time(instant: datetime, zone: ZoneInfo, business_zone: ZoneInfo) -> str:
    """Return a time by the business's clocks, with the weekday if it differs; empty if the reader's say the same."""
    local, other = instant.astimezone(zone), instant.astimezone(business_zone)
    if local.utcoffset() == other.utcoffset():
        return ""
    text = format_clock_time(instant, business_zone)
    return text if local.date() == other.date() else f"{date_format(other, 'D')} {text}"


def format_start(instant: datetime) -> str:
    """Return an instant as forms and addresses have it: `2027-01-11T08:00:00Z`."""
    return instant.astimezone(UTC).strftime(INSTANT_FORMAT)


def parse_start(text: str) -> datetime | None:
    """Return the instant that a form has sent, or None if it is none, or one at the ends of the calendar."""
    try:
        instant = datetime.strptime(text, INSTANT_FORMAT).replace(tzinfo=UTC) if text.isascii() else None
    except ValueError:
        return None
    return instant if instant and instant.year in BOOKABLE_YEARS else None


def parse_month(text: str) -> date | None:
    """Return the first day of a month like `2027-01`, or None if it is none."""
    return parse_day(f"{text}-01") if MONTH_FORMAT.fullmatch(text) else None


def parse_day(text: str) -> date | None:
    """Return a day like `2027-01-11`, or None if it is none."""
    try:
        return date.fromisoformat(text) if DAY_FORMAT.fullmatch(text) else None
    except ValueError:
        return None


@dataclass(frozen=True)
class _DaySearch:
    """Finds free days from the first to the last one on which clients can book, by the reader's calendar."""

    query: SlotQuery
    zone: ZoneInfo
    first_on: date
    last_on: date
    now: datetime

    @classmethod
    def build(cls, query: SlotQuery, zone: ZoneInfo, *, now: datetime) -> "_DaySearch":
        window = build_booking_window(query.business, query.rules, now=now)
        first_on = window.opens_at.astimezone(zone).date()
        last_at = window.closes_at - timedelta(microseconds=1)
        return cls(query, zone, first_on, max(first_on, last_at.astimezone(zone).date()), now)

    def clamp(self, on: date) -> date:
        return min(max(on, self.first_on), self.last_on)

    def list_month(self, shown_on: date) -> dict[date, list[Slot]]:
        return self._list_by_day(shown_on, _get_next_month(shown_on))

    def find_free_day(self, from_on: date) -> date | None:
        if from_on > self.last_on:
            return None
        query = self._build_query(from_on, self.last_on + ONE_DAY)
        return min(list_free_days(query, self.zone.key, now=self.now), default=None)

    def build_page(self, shown_on: date, slots: Mapping[date, Sequence[Slot]], chosen_on: date | None) -> MonthPage:
        next_on = _get_next_month(shown_on)
        return MonthPage(
            first_on=shown_on,
            weeks=_build_weeks(shown_on, slots, chosen_on),
            previous_on=(shown_on - ONE_DAY).replace(day=1) if shown_on > self.first_on else None,
            next_on=next_on if next_on <= self.last_on else None,
            chosen_on=chosen_on,
            times=build_time_choices(slots.get(chosen_on, []) if chosen_on else [], self.query, self.zone),
            next_free_on=self._suggest_day(shown_on, slots, chosen_on),
            time_zone=self.zone.key,
        )

    def _suggest_day(self, shown_on: date, slots: Mapping[date, Sequence[Slot]], chosen_on: date | None) -> date | None:
        """Return the next free day after one without times, or None where the chosen day has some."""
        if chosen_on in slots:
            return None
        later = min((on for on in slots if chosen_on is None or on > chosen_on), default=None)
        return later or self.find_free_day(_get_next_month(shown_on))

    def _list_by_day(self, from_on: date, until_on: date) -> dict[date, list[Slot]]:
        """Return the slots from one day on and before another, by day."""
        query = self._build_query(from_on, until_on)
        return group_by_day(list_slots(query, now=self.now), self.zone)

    def _build_query(self, from_on: date, until_on: date) -> SlotQuery:
        from_at, until_at = (datetime.combine(on, time.min, self.zone) for on in (from_on, until_on))
        return replace(self.query, from_at=from_at, until_at=until_at)


def _get_next_month(first_on: date) -> date:
    return (first_on + 31 * ONE_DAY).replace(day=1)


def _build_weeks(shown_on: date, slots: Mapping[date, Sequence[Slot]], chosen_on: date | None) -> list[list[DayChoice]]:
    return [
        [DayChoice(on, on.month == shown_on.month, on in slots, on == chosen_on) for on in week]
        for week in WEEKS.monthdatescalendar(shown_on.year, shown_on.month)
    ]
