"""What the pages share on which staff choose a time: their queries, the free times, and warnings that they accept."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, QueryDict

from portal.scheduling import services
from portal.scheduling.availability import Slot
from portal.scheduling.console.calendar_range import get_midnight
from portal.scheduling.models import Appointment, SchedulingSettings, Service, StaffCalendar
from portal.scheduling.services import BookingNeedsConfirmation, BookingWarning, SlotQuery, StaffBooking, TimeTaken
from portal.scheduling.services.seat_booking import find_offered_time
from tenants.models import Business

# Notice, horizon and whether clients can book at all are promises to clients; staff may book from now on for two years.
STAFF_HORIZON_DAYS = 730
# Free times are looked for on so many days; of so many of them, so many times are shown.
SEARCH_DAYS, SHOWN_DAYS, SHOWN_TIMES = 28, 4, 6
# What a form says of an appointment, and which of it a free time fills in.
BOOKING_FIELDS = ("client", "service", "calendar", "day", "time", "note", "interval_weeks", "count", "until_on")
TYPED_FIELDS = (*BOOKING_FIELDS, "minutes", "version", "is_silent", "back")
PICKED_FIELDS = ("calendar", "day", "time")
MAX_VALUE_LENGTH = 2000


@dataclass(frozen=True)
class FreeTime:
    """A time that is free, whose calendar it is, and what a form sends back to have it filled in."""

    starts_at: datetime
    calendar_name: str
    value: str


def build_staff_query(business: Business, service: Service, calendar_id: UUID | None, at: datetime) -> SlotQuery:
    """Return a query by a member of staff for the times of a service with its needs, from an instant on."""
    rules = build_staff_rules(services.get_scheduling_settings(business))
    until = at + timedelta(days=SEARCH_DAYS)
    return SlotQuery(business, rules, service, from_at=at, until_at=until, calendar_id=calendar_id)


def build_staff_rules(rules: SchedulingSettings) -> SchedulingSettings:
    """Return the business's rules without those that hold for clients alone."""
    staff_rules = copy.copy(rules)
    staff_rules.is_on, staff_rules.notice, staff_rules.horizon = True, 0, STAFF_HORIZON_DAYS
    return staff_rules


def choose_free_calendar(query: SlotQuery, starts_at: datetime, *, now: datetime) -> UUID | None:
    """Return the calendar that was chosen, or that of somebody who is free; None where nobody is."""
    if query.calendar_id:
        return query.calendar_id
    try:
        return find_offered_time(query, starts_at, now=now).calendar_id
    except services.SlotUnavailable:
        return None


def list_free_times(
    query: SlotQuery, calendars: Sequence[StaffCalendar], *, now: datetime
) -> dict[date, list[FreeTime]]:
    """Return the next free times by day."""
    zone = ZoneInfo(query.business.time_zone)
    by_day = services.group_by_day(services.list_slots(query, now=now), zone)
    names = {calendar.pk: calendar.name for calendar in calendars}
    return {
        day: [_build_free_time(slot, query, names, zone) for slot in by_day[day][:SHOWN_TIMES]]
        for day in sorted(by_day)[:SHOWN_DAYS]
    }


def read_typed_values(values: QueryDict) -> dict[str, str]:
    """Return what a form or a link says of an appointment, with the free time that was picked filled in."""
    given = {name: str(values.get(name, ""))[:MAX_VALUE_LENGTH] for name in (*TYPED_FIELDS, "picked")}
    picked = given.pop("picked")
    typed = {name: value for name, value in given.items() if value}
    return typed | (dict(zip(PICKED_FIELDS, picked.split("/"), strict=False)) if picked else {})


def is_draft(request: HttpRequest) -> bool:
    """Tell whether a form asks for free times, or picks one, and does not book yet."""
    return "find" in request.POST or "picked" in request.POST


def find_search_start(day: date | None, business: Business, *, now: datetime) -> datetime:
    """Return from when free times are looked for: the day that was typed, but not the past."""
    return max(get_midnight(day, ZoneInfo(business.time_zone)), now) if day else now


def book_unless_warned(
    book: Callable[[StaffBooking], Appointment], query: SlotQuery, starts_at: datetime, *, accepted: str
) -> Appointment:
    """Book a time, in spite of the warnings that were accepted for it. Raises BookingNeedsConfirmation of others."""
    try:
        return book(StaffBooking(query, starts_at))
    except BookingNeedsConfirmation as error:
        if accepted != identify_warnings(query, starts_at, error.warnings):
            raise
    try:
        return book(StaffBooking(query, starts_at, ignores_warnings=True))
    except TimeTaken as error:
        raise BookingNeedsConfirmation([BookingWarning.CALENDAR_TAKEN]) from error


def identify_warnings(query: SlotQuery, starts_at: datetime, warnings: Sequence[BookingWarning]) -> str:
    """Return a text that says which warnings of which time were shown: accepting them accepts no others."""
    what = (query.service.pk, query.calendar_id, starts_at.isoformat(), query.service.duration)
    return "/".join((*map(str, what), *warnings))


def _build_free_time(slot: Slot, query: SlotQuery, names: Mapping[UUID, str], zone: ZoneInfo) -> FreeTime:
    local, calendar_id = slot.starts_at.astimezone(zone), slot.calendar_ids[0]
    value = "/".join((str(query.calendar_id or ""), f"{local:%Y-%m-%d}", f"{local:%H:%M}"))
    return FreeTime(slot.starts_at, names.get(calendar_id, "") if query.calendar_id else "", value)
