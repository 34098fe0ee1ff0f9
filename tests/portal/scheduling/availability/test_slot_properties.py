"""Whatever the rules, slots are those that a plain search finds, and one that is booked takes only what overlaps it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.scheduling.availability import (
    AvailabilityCalculator,
    BookingWindow,
    BusyRange,
    CalendarRules,
    DateException,
    Schedule,
    ServiceRules,
    WeeklyHours,
)
from tests.portal.scheduling.availability.builders import ANNA, BEN, MASSAGE, OTHER_ROOM, PROJECTOR, ROOM
from tests.portal.scheduling.availability.reference_slots import list_reference_starts
from tests.portal.scheduling.availability.zone_changes import ZONES, list_clock_changes

MINUTE = timedelta(minutes=1)
PLAIN_DAY = datetime(2026, 6, 10, tzinfo=UTC)
CHANGES = [(zone, change) for zone in ZONES for change in list_clock_changes(zone)]
SKIPPED_DAY = ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC))
places = st.sampled_from(CHANGES) | st.sampled_from([(zone, PLAIN_DAY) for zone in ZONES] + [SKIPPED_DAY])
starts_of_hours = st.integers(0, 2400) | st.integers(0, 96).map(lambda quarter: quarter * 15)
spans = st.tuples(starts_of_hours, st.integers(60, 1440)).map(lambda one: (one[0], min(one[0] + one[1], 2880)))
many_seconds = st.integers(30_000, 90_000)
few_examples = settings(max_examples=50)


def sometimes(strategy, otherwise):
    """Draw from a strategy in one of four cases, so that few cases are closed or full all the time."""
    return st.integers(0, 3).flatmap(lambda number: strategy if number == 3 else st.just(otherwise))


@st.composite
def build_rules(draw, calendar_id, zone, near):
    """Draw a calendar's rules, with exceptions within a few days of an instant."""
    weekly = [WeeklyHours(day, *span) for day in range(7) for span in draw(st.lists(spans, min_size=1, max_size=2))]
    exceptions = []
    for _number in range(draw(sometimes(st.integers(1, 3), 0))):
        starts_on = near.date() + timedelta(days=draw(st.integers(-3, 3)))
        hours = tuple(draw(st.lists(spans, max_size=2)))
        ends_on = starts_on + timedelta(days=draw(st.integers(0, 2)))
        exceptions.append(DateException(starts_on, ends_on, hours, draw(st.booleans())))
    return CalendarRules(calendar_id, zone, tuple(weekly), tuple(exceptions), draw(sometimes(st.integers(0, 2), None)))


@st.composite
def build_busy_ranges(draw, near):
    """Draw ranges, to the second, within a day of an instant."""
    found = []
    for _number in range(draw(st.integers(0, 5))):
        starts_at = near + timedelta(seconds=draw(st.integers(-90_000, 90_000)))
        found.append(BusyRange.between(starts_at, starts_at + timedelta(seconds=draw(st.integers(0, 20_000)))))
    return found


@st.composite
def build_services(draw):
    """Draw a service of one or two calendars, with or without rooms and equipment."""
    return ServiceRules(
        MASSAGE,
        draw(st.integers(1, 120) | st.sampled_from([15, 30, 60, 300])),
        draw(sometimes(st.integers(1, 60), 0)),
        draw(sometimes(st.integers(1, 60), 0)),
        draw(st.integers(1, 60) | st.sampled_from([15, 30, 60])),
        draw(st.integers(1, 3)),
        draw(st.sampled_from([(ANNA,), (ANNA, BEN), (BEN, ANNA)])),
        draw(st.sampled_from([(), (ROOM,), (ROOM, OTHER_ROOM)])),
        draw(st.sampled_from([(), (PROJECTOR,)])),
    )


@st.composite
def build_cases(draw):
    """Draw a service, a schedule, a booking window and a range near a clock change or on a plain day."""
    zone, near = draw(places)
    rules = {one: draw(build_rules(one, zone, near)) for one in (ANNA, BEN)}
    schedule = Schedule(
        rules,
        {one: draw(build_busy_ranges(near)) for one in rules},
        {one: draw(build_busy_ranges(near)) for one in (ROOM, OTHER_ROOM, PROJECTOR)},
        (),
        {(one, near.date() + timedelta(days=days)): draw(st.integers(0, 2)) for one in rules for days in (-1, 0, 1)},
    )
    from_at, opens_at = (near - timedelta(seconds=draw(many_seconds)) for _edge in range(2))
    until_at, closes_at = (near + timedelta(seconds=draw(many_seconds)) for _edge in range(2))
    return draw(build_services()), schedule, BookingWindow(opens_at, closes_at), from_at, until_at


def list_offers(service, schedule, window, from_at, until_at):
    """Return (start, calendar) of all slots."""
    slots = AvailabilityCalculator(schedule, from_at, until_at).find_slots(service, window)
    return [(slot.starts_at, one) for slot in slots for one in slot.calendar_ids]


@few_examples
@given(build_cases())
def test_slots_are_those_of_a_search_minute_by_minute(case):
    service, schedule, *bounds = case
    expected = [
        (start, one)
        for one in service.calendar_ids
        for start in list_reference_starts(service, schedule.calendars[one], schedule, *bounds)
    ]
    assert sorted(list_offers(*case)) == sorted(expected)


@given(build_cases())
def test_no_slot_is_outside_the_range_the_notice_and_the_horizon(case):
    _service, _schedule, window, from_at, until_at = case
    for starts_at, _calendar in list_offers(*case):
        assert from_at <= starts_at < until_at
        assert window.opens_at <= starts_at < window.closes_at


@given(build_cases())
def test_no_slot_overlaps_what_is_busy_buffers_included(case):
    service, schedule, *_bounds = case
    for starts_at, calendar_id in list_offers(*case):
        begins, ends = block(service, starts_at)
        needed = [
            schedule.busy_by_calendar[calendar_id],
            *(schedule.busy_by_resource[one] for one in service.equipment_ids),
        ]
        assert not any(overlaps(one, begins, ends) for ranges in needed for one in ranges)
        rooms = [schedule.busy_by_resource[one] for one in service.room_ids]
        assert not rooms or any(not any(overlaps(one, begins, ends) for one in room) for room in rooms)


@given(build_cases(), st.data())
def test_a_booked_slot_takes_exactly_those_of_its_calendar_that_overlap_it(case, data):
    service, schedule, *bounds = case
    offers = list_offers(*case)
    if not offers:
        return
    starts_at, calendar_id = data.draw(st.sampled_from(offers))
    booked = BusyRange.between(*block(service, starts_at))
    ranges = {**schedule.busy_by_calendar, calendar_id: [*schedule.busy_by_calendar[calendar_id], booked]}
    left = [(start, one) for start, one in offers if one != calendar_id or not overlaps(booked, *block(service, start))]
    assert (starts_at, calendar_id) not in left
    assert list_offers(service, replace(schedule, busy_by_calendar=ranges), *bounds) == left


@given(build_cases(), build_services())
def test_a_calculator_answers_each_service_as_if_it_was_the_only_one(case, other):
    service, schedule, window, from_at, until_at = case
    calculator = AvailabilityCalculator(schedule, from_at, until_at)
    shared = [calculator.find_slots(one, window) for one in (service, other, service)]
    alone = [AvailabilityCalculator(schedule, from_at, until_at).find_slots(one, window) for one in (service, other)]
    assert shared == [*alone, alone[0]]


@given(build_cases())
def test_the_free_days_are_those_of_the_slots(case):
    service, schedule, window, from_at, until_at = case
    calculator = AvailabilityCalculator(schedule, from_at, until_at)
    for zone in ("Asia/Kathmandu", *ZONES):
        days = {slot.starts_at.astimezone(ZoneInfo(zone)).date() for slot in calculator.find_slots(service, window)}
        assert calculator.find_free_days(service, window, zone) == sorted(days)


def block(service, starts_at):
    """Return when an appointment begins and ends to block its calendar."""
    ends_at = starts_at + service.duration * MINUTE
    return starts_at - service.buffer_before * MINUTE, ends_at + service.buffer_after * MINUTE


def overlaps(one, begins, ends):
    """Tell whether a busy range that isn't empty overlaps another range."""
    return one.starts_at < ends and begins < one.ends_at and one.starts_at < one.ends_at
