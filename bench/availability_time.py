"""Time to compute a month of slots of 8 services of 20 people with 10,000 appointments, from the database to slots.

Ours reads everything at once and computes with bits of minutes. The other is straightforward: for each service and day
it asks for the hours, the exceptions and the appointments of that day, and tries every start against them. Both must
find the same slots. In turn, in this process; the statements are counted as in benchmark 2.
"""

import time
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from bench import sample_businesses
from bench.benchmark_report import Measurement, at_least, at_most
from bench.timing_statistics import run_alternately
from portal.scheduling import services
from portal.scheduling.availability import Slot
from portal.scheduling.models import (
    CalendarEntry,
    HoursException,
    OpeningHours,
    SchedulingSettings,
    Service,
    StaffCalendar,
)
from tenants.context import use_business
from tenants.models import Business
from tests.captured_statements import capture_statements

CALENDARS, SERVICES, APPOINTMENTS, DAYS = 20, 8, 10_000, 30
ZONE = ZoneInfo("Europe/London")
NOW = datetime(2027, 3, 1, tzinfo=UTC)
RULES = SchedulingSettings(notice=0, horizon=120)
OPENS, CLOSES = 8 * 60, 20 * 60
OURS_FOR_EACH_OTHER, ROUNDS = 10, 3

SlotKey = tuple[datetime, frozenset]


def run_benchmark() -> list[Measurement]:
    """Compute both in turn, and compare their slots."""
    business = sample_businesses.get_business(sample_businesses.SLUGS[0])
    with use_business(business):
        _fill_calendars()
        with capture_statements() as captured:
            found = _list_slots(business)
        assert _collect_keys(found) == _collect_keys(_ask_day_by_day()), "both find the same slots"
        ours, theirs = run_alternately(ROUNDS, lambda: _time_ours(business), lambda: _time_call(_ask_day_by_day))
    own = median(value for values in ours for value in values)
    number = sum(len(slots) for slots in found.values())
    return [
        Measurement(f"{number} slots of a month, p50", f"{own * 1000:.0f} ms", "", own * 1000, "ms", at_most(60)),
        Measurement(
            "the same, asked day by day",
            f"{own * 1000:.0f} ms",
            _format(theirs),
            median(theirs) / own,
            target=at_least(5),
        ),
        Measurement("statements", "", "", len(captured.queries), "queries", at_most(6)),
    ]


def _fill_calendars() -> None:
    calendars = StaffCalendar.objects.bulk_create(
        StaffCalendar(name=f"Person {number}", time_zone=ZONE.key, created_at=NOW) for number in range(CALENDARS)
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(calendar=calendar, weekday=weekday, starts_minute=OPENS, ends_minute=CLOSES)
        for calendar in calendars
        for weekday in range(7)
    )
    made = [_add_service(number, calendars) for number in range(SERVICES)]
    CalendarEntry.objects.bulk_create(_build_entry(number, calendars, made[0]) for number in range(APPOINTMENTS))


def _add_service(number: int, calendars: list[StaffCalendar]) -> Service:
    service = Service.objects.create(
        name=f"Service {number}",
        duration=15 * (number % 4 + 1),
        buffer_after=5 * (number % 2),
        price_currency="GBP",
        created_at=NOW,
    )
    service.calendars.set(calendars)
    return service


def _build_entry(number: int, calendars: list[StaffCalendar], service: Service) -> CalendarEntry:
    """Return one of the appointments, of a quarter of an hour each, in the morning of a day of the month."""
    calendar, rank = calendars[number % CALENDARS], number // CALENDARS
    day, place = rank % DAYS, rank // DAYS
    local = datetime(2027, 3, 1, OPENS // 60, tzinfo=ZONE) + timedelta(days=day, minutes=15 * place)
    starts_at = local.astimezone(UTC)
    times = {"starts_at": starts_at, "busy_from": starts_at}
    ends_at = starts_at + timedelta(minutes=15)
    return CalendarEntry(
        calendar=calendar, service=service, seats_taken=1, ends_at=ends_at, busy_until=ends_at, created_at=NOW, **times
    )


def _list_slots(business: Business) -> dict[object, list[Slot]]:
    offered = list(services.query_services_with_needs())
    until_at = datetime(2027, 3, 1 + DAYS, tzinfo=ZONE)
    return services.list_slots_by_service(
        offered, business=business, rules=RULES, from_at=NOW, until_at=until_at, now=NOW
    )


def _ask_day_by_day() -> dict[object, list[tuple[datetime, list]]]:
    """Return the slots of each service, found as one would at first."""
    found: dict[object, list[tuple[datetime, list]]] = {}
    for service in Service.objects.all():
        calendar_ids = list(service.calendars.filter(is_active=True).values_list("pk", flat=True))
        found[service.pk] = [
            slot
            for offset in range(DAYS)
            for slot in _ask_one_day(service, calendar_ids, date(2027, 3, 1) + timedelta(days=offset))
        ]
    return found


def _ask_one_day(service: Service, calendar_ids: list, day: date) -> list[tuple[datetime, list]]:
    if HoursException.objects.filter(starts_on__lte=day, ends_on__gte=day).exists():
        return []
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    entries = CalendarEntry.objects.filter(
        calendar__in=calendar_ids, is_active=True, busy_until__gt=midnight, busy_from__lt=midnight + timedelta(days=1)
    )
    busy: dict[object, list[tuple[datetime, datetime]]] = {pk: [] for pk in calendar_ids}
    for entry in entries:
        busy[entry.calendar_id].append((entry.busy_from, entry.busy_until))
    starts: dict[datetime, list] = {}
    for hours in OpeningHours.objects.filter(calendar__in=calendar_ids, weekday=day.weekday()):
        for minute in range(hours.starts_minute, hours.ends_minute - service.duration + 1, RULES.start_interval):
            start = (midnight + timedelta(minutes=minute)).astimezone(UTC)
            if _is_free(service, start, busy[hours.calendar_id]):
                starts.setdefault(start, []).append(hours.calendar_id)
    return sorted(starts.items())


def _is_free(service: Service, start: datetime, busy: list[tuple[datetime, datetime]]) -> bool:
    blocked_from = start - timedelta(minutes=service.buffer_before)
    blocked_until = start + timedelta(minutes=service.duration + service.buffer_after)
    return not any(begins < blocked_until and blocked_from < ends for begins, ends in busy)


def _collect_keys(found: dict) -> dict[object, set[SlotKey]]:
    """Return the starts of each service with the calendars that are free then."""
    return {pk: {_build_key(slot) for slot in slots} for pk, slots in found.items()}


def _build_key(slot: Slot | tuple[datetime, list]) -> SlotKey:
    if isinstance(slot, Slot):
        return slot.starts_at, frozenset(slot.calendar_ids)
    return slot[0], frozenset(slot[1])


def _time_ours(business: Business) -> list[float]:
    return [_time_call(lambda: _list_slots(business)) for _number in range(OURS_FOR_EACH_OTHER)]


def _time_call(call) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _format(seconds: list[float]) -> str:
    return f"{median(seconds) * 1000:.0f} ms"
