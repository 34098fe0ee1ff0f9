"""The times at which clients can book, and whether a time that was asked for is one of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.scheduling.availability import AvailabilityCalculator, BookingWindow, Schedule, ServiceRules, Slot
from portal.scheduling.models import SchedulingSettings, Service
from portal.scheduling.services.schedules import ReadRange, build_service_rules, load_schedule
from tenants.models import Business

# The times nearest to one that has gone are looked for on so many days.
NEARBY_DAYS = 14
NEARBY_SLOTS = 6
# Dates at the ends of the calendar can't be computed with.
BOOKABLE_YEARS = range(2000, 3000)


class SlotUnavailable(Exception):
    """The time is taken, or outside the hours or rules of booking."""


@dataclass(frozen=True)
class SlotQuery:
    """Who asks for times of a service, and for which: one calendar or any, in a range of instants."""

    business: Business
    rules: SchedulingSettings
    service: Service
    from_at: datetime
    until_at: datetime
    calendar_id: UUID | None = None
    ignored_entry_id: UUID | None = None


@dataclass(frozen=True)
class Availability:
    """The slots of a query, with what they were computed from."""

    slots: list[Slot] = field(default_factory=list)
    service_rules: ServiceRules | None = None
    schedule: Schedule | None = None


def build_booking_window(business: Business, rules: SchedulingSettings, *, now: datetime) -> BookingWindow:
    """Return between which instants an appointment that a client books can start."""
    zone = ZoneInfo(business.time_zone)
    last_day = now.astimezone(zone).date() + timedelta(days=rules.horizon)
    closes_at = datetime.combine(last_day + timedelta(days=1), time.min, zone)
    return BookingWindow(opens_at=now + timedelta(minutes=rules.notice), closes_at=closes_at)


def find_availability(query: SlotQuery, *, now: datetime) -> Availability:
    """Return the times at which clients can book a service that was read by `query_services_with_needs`."""
    window = build_booking_window(query.business, query.rules, now=now)
    service_rules = build_service_rules(query.service, query.rules)
    read_range = _find_read_range(query, window)
    if read_range is None:
        return Availability(service_rules=service_rules)
    schedule = load_schedule([service_rules], read_range)
    calculator = AvailabilityCalculator(schedule, read_range.from_at, read_range.until_at)
    return Availability(calculator.find_slots(service_rules, window, query.calendar_id), service_rules, schedule)


def list_free_days(query: SlotQuery, zone: str, *, now: datetime) -> list[date]:
    """Return the dates, by the clocks of a zone, on which clients can book: much less work than all their times."""
    window = build_booking_window(query.business, query.rules, now=now)
    read_range = _find_read_range(query, window)
    if read_range is None:
        return []
    service_rules = build_service_rules(query.service, query.rules)
    schedule = load_schedule([service_rules], read_range)
    calculator = AvailabilityCalculator(schedule, read_range.from_at, read_range.until_at)
    return calculator.find_free_days(service_rules, window, zone, query.calendar_id)


def list_slots(query: SlotQuery, *, now: datetime) -> list[Slot]:
    """Return the times at which clients can book, sorted by start."""
    return find_availability(query, now=now).slots


def list_slots_by_service(
    services: Sequence[Service],
    *,
    business: Business,
    rules: SchedulingSettings,
    from_at: datetime,
    until_at: datetime,
    now: datetime,
) -> dict[UUID, list[Slot]]:
    """Return the bookable times of several services, by their keys, from one reading of all calendars."""
    window = build_booking_window(business, rules, now=now)
    from_at, until_at = max(from_at, window.opens_at), min(until_at, window.closes_at)
    if from_at >= until_at or not rules.is_on:
        return {service.pk: [] for service in services}
    service_rules = [build_service_rules(service, rules) for service in services]
    schedule = load_schedule(service_rules, ReadRange(from_at, until_at))
    calculator = AvailabilityCalculator(schedule, from_at, until_at)
    return {one.service_id: calculator.find_slots(one, window) for one in service_rules}


def list_nearest_slots(query: SlotQuery, wanted_at: datetime, *, now: datetime) -> list[Slot]:
    """Return the bookable times nearest to one that has gone, sorted by start."""
    window, reach = build_booking_window(query.business, query.rules, now=now), timedelta(days=NEARBY_DAYS)
    wanted_at = min(max(wanted_at, window.opens_at), window.closes_at)
    around = SlotQuery(
        business=query.business,
        rules=query.rules,
        service=query.service,
        from_at=wanted_at - reach,
        until_at=wanted_at + reach,
        calendar_id=query.calendar_id,
        ignored_entry_id=query.ignored_entry_id,
    )
    nearest = sorted(list_slots(around, now=now), key=lambda slot: abs(slot.starts_at - wanted_at))
    return sorted(nearest[:NEARBY_SLOTS], key=lambda slot: slot.starts_at)


def group_by_day(slots: Sequence[Slot], zone: ZoneInfo) -> dict[date, list[Slot]]:
    """Return slots by the date on which they start in a time zone."""
    grouped: dict[date, list[Slot]] = {}
    for slot in slots:
        grouped.setdefault(slot.starts_at.astimezone(zone).date(), []).append(slot)
    return grouped


def count_by_calendar(schedule: Schedule) -> Counter[UUID]:
    """Return how many times of each calendar are taken around a slot, by which they are chosen fairly."""
    return Counter({pk: len(ranges) for pk, ranges in schedule.busy_by_calendar.items()})


def choose_resources(
    service_rules: ServiceRules, schedule: Schedule, busy_from: datetime, busy_until: datetime
) -> tuple[UUID, ...]:
    """Return all equipment that a service needs, and a room of its that is free. Raises SlotUnavailable."""
    if not service_rules.room_ids:
        return service_rules.equipment_ids
    for room_id in service_rules.room_ids:
        taken = schedule.busy_by_resource.get(room_id, ())
        if not any(busy.starts_at < busy_until and busy_from < busy.ends_at for busy in taken):
            return (*service_rules.equipment_ids, room_id)
    raise SlotUnavailable


def _find_read_range(query: SlotQuery, window: BookingWindow) -> ReadRange | None:
    """Return the part of a query's range in which clients can book, or None without any."""
    from_at, until_at = max(query.from_at, window.opens_at), min(query.until_at, window.closes_at)
    if from_at >= until_at or not query.rules.is_on:
        return None
    return ReadRange(from_at, until_at, query.ignored_entry_id)
