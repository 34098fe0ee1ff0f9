"""Slots lie within hours and window, apart from what is busy, and know which calendars are free."""

from datetime import UTC, timedelta
from uuid import UUID

import pytest

from portal.scheduling.availability import AvailabilityCalculator, BookingWindow, BusyRange, Slot, find_slots
from tests.portal.scheduling.availability.builders import (
    ANNA,
    ANY_TIME,
    BEN,
    CARL,
    MONDAY,
    OTHER_ROOM,
    PROJECTOR,
    ROOM,
    at,
    build_calendar,
    build_schedule,
    build_service,
    busy,
    every_day,
    list_slots,
    on_weekday,
    read_clock,
)

MORNING = build_calendar(every_day("09:00-12:00"))
TAKEN = busy("2026-12-07 10:00", "2026-12-07 11:00")


def list_morning(service=None, **facts) -> list[str]:
    """Return the starts of one Monday morning, for an hour's service every half hour unless told otherwise."""
    return read_clock(list_slots(build_schedule(MORNING, **facts), service))


def test_a_slot_says_when_it_is_and_whose():
    [slot] = list_slots(build_schedule(MORNING), build_service(180, capacity=4))
    assert slot == Slot(at("2026-12-07 09:00"), at("2026-12-07 12:00"), (ANNA,), 4)
    assert (slot.starts_at.tzinfo, slot.ends_at.tzinfo) == (UTC, UTC)


def test_the_whole_duration_is_within_the_hours():
    assert list_morning() == ["09:00", "09:30", "10:00", "10:30", "11:00"]
    assert list_morning(build_service(181)) == []


def test_buffers_may_lie_outside_the_hours():
    assert list_morning(build_service(180, before=60, after=60)) == ["09:00"]


def test_what_touches_a_busy_range_is_free():
    assert list_morning(busy_by_calendar={ANNA: [TAKEN]}) == ["09:00", "11:00"]


@pytest.mark.parametrize(("buffers", "expected"), [({"before": 1}, ["09:00"]), ({"after": 1}, ["11:00"])])
def test_a_buffer_does_not_overlap_a_busy_range(buffers, expected):
    assert list_morning(build_service(**buffers), busy_by_calendar={ANNA: [TAKEN]}) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2026-12-07 09:59:59", "2026-12-07 11:00", ["11:00"]),
        ("2026-12-07 10:00", "2026-12-07 11:00:01", ["09:00"]),
        ("2026-12-07 10:00", "2026-12-07 11:00:00.000001", ["09:00"]),
        ("2026-12-07 10:00:59", "2026-12-07 11:00", ["09:00", "11:00"]),
    ],
)
def test_seconds_of_a_busy_range_count_as_whole_minutes(starts, ends, expected):
    assert list_morning(busy_by_calendar={ANNA: [busy(starts, ends)]}) == expected


def test_an_empty_busy_range_and_one_far_away_change_nothing():
    away = [busy("2026-12-07 10:00", "2026-12-07 10:00"), busy("2020-01-01 00:00", "2020-01-02 00:00")]
    away += [busy("2030-01-01 00:00", "2030-01-02 00:00"), busy("2026-12-07 11:00", "2026-12-07 10:00")]
    assert list_morning(busy_by_calendar={ANNA: away, BEN: [TAKEN]}) == list_morning()


def test_a_busy_range_of_years_leaves_nothing():
    assert list_morning(busy_by_calendar={ANNA: [busy("2020-01-01 00:00", "2030-01-01 00:00")]}) == []


def test_one_free_room_is_enough_but_it_is_the_same_all_the_time():
    service = build_service(room_ids=(ROOM, OTHER_ROOM))
    early, late = busy("2026-12-07 09:00", "2026-12-07 10:30"), busy("2026-12-07 10:30", "2026-12-07 12:00")
    assert list_morning(service, busy_by_resource={ROOM: [early]}) == list_morning()
    assert list_morning(service, busy_by_resource={ROOM: [early], OTHER_ROOM: [late]}) == [
        "09:00",
        "09:30",
        "10:30",
        "11:00",
    ]


def test_all_the_equipment_and_a_room_are_needed():
    service = build_service(interval=60, room_ids=(ROOM,), equipment_ids=(PROJECTOR, OTHER_ROOM))
    early, late = busy("2026-12-07 09:30", "2026-12-07 09:45"), busy("2026-12-07 11:00", "2026-12-07 12:00")
    assert list_morning(service, busy_by_resource={PROJECTOR: [early], ROOM: [late]}) == ["10:00"]
    assert list_morning(service, busy_by_resource={PROJECTOR: [early], OTHER_ROOM: [late]}) == ["10:00"]


def test_a_room_is_free_in_the_buffers_too():
    service = build_service(interval=60, before=5, after=5, room_ids=(ROOM,))
    assert list_morning(service, busy_by_resource={ROOM: [busy("2026-12-07 09:57", "2026-12-07 10:00")]}) == ["11:00"]


def test_start_times_count_from_the_beginning_of_each_of_the_hours():
    schedule = build_schedule(build_calendar(every_day("09:10-11:00", "13:05-15:00")))
    assert read_clock(list_slots(schedule, build_service(30, interval=45))) == ["09:10", "09:55", "13:05", "13:50"]


def test_hours_that_join_on_one_day_have_one_count_of_start_times():
    schedule = build_schedule(build_calendar(every_day("09:10-10:00", "10:00-12:00")))
    assert read_clock(list_slots(schedule)) == ["09:10", "09:40", "10:10", "10:40"]


def test_hours_that_never_end_have_the_same_start_times_on_every_day():
    schedule = build_schedule(build_calendar(every_day("00:00-24:00")))
    service = build_service(interval=420)
    assert read_clock(list_slots(schedule, service, days=2)) == ["00:00", "07:00", "14:00", "21:00"] * 2


def test_start_times_are_the_same_on_the_wall_after_half_an_hour_was_skipped():
    zone = "Australia/Lord_Howe"
    schedule = build_schedule(build_calendar(every_day("00:00-24:00"), zone=zone))
    clock = read_clock(
        list_slots(schedule, build_service(interval=60), at("2026-10-04 12:00", zone).date(), zone=zone), zone
    )
    assert clock[:4] == ["00:00", "01:00", "03:00", "04:00"]


def test_starts_are_from_the_first_instant_and_before_the_last():
    schedule = build_schedule(MORNING)
    edges = {"from_at": at("2026-12-07 09:30"), "until_at": at("2026-12-07 10:30")}
    assert read_clock(find_slots(build_service(), schedule, ANY_TIME, **edges)) == ["09:30", "10:00"]
    edges = {"from_at": at("2026-12-07 09:30:01"), "until_at": at("2026-12-07 10:30:01")}
    assert read_clock(find_slots(build_service(), schedule, ANY_TIME, **edges)) == ["10:00", "10:30"]


def test_starts_are_in_the_booking_window():
    window = BookingWindow(at("2026-12-07 09:30"), at("2026-12-07 10:30"))
    assert read_clock(list_slots(build_schedule(MORNING), window=window)) == ["09:30", "10:00"]
    past = BookingWindow(at("2026-12-01 09:30"), at("2026-12-01 10:30"))
    assert list_slots(build_schedule(MORNING), window=past) == []
    backwards = BookingWindow(window.closes_at, window.opens_at)
    assert list_slots(build_schedule(MORNING), window=backwards) == []


def test_a_service_of_several_days_is_found_by_a_calculator_that_was_asked_for_a_short_one_before():
    schedule = build_schedule(build_calendar(on_weekday(0, "00:00-48:00") + on_weekday(2, "00:00-48:00")))
    start = at("2026-12-07 00:00")
    calculator = AvailabilityCalculator(schedule, start, start + timedelta(days=1))
    assert calculator.find_slots(build_service(), ANY_TIME)
    assert read_clock(calculator.find_slots(build_service(4 * 1440), ANY_TIME)) == ["00:00"]
    assert calculator.find_slots(build_service(4 * 1440 + 1), ANY_TIME) == []


def test_a_slot_names_all_calendars_that_are_free():
    calendars = [build_calendar(every_day("09:00-10:00"), calendar_id=one) for one in (ANNA, BEN, CARL)]
    schedule = build_schedule(*calendars, busy_by_calendar={BEN: [busy("2026-12-07 09:30", "2026-12-07 10:00")]})
    service = build_service(30, calendars=(CARL, BEN, ANNA, UUID(int=404)))
    assert [slot.calendar_ids for slot in list_slots(schedule, service)] == [(CARL, BEN, ANNA), (CARL, ANNA)]
    assert [slot.calendar_ids for slot in list_slots(schedule, service, calendar_id=BEN)] == [(BEN,)]
    assert list_slots(schedule, build_service(30, calendars=(ANNA,)), calendar_id=BEN) == []


def test_calendars_whose_start_times_are_a_minute_apart_are_told_apart():
    calendars = [build_calendar(every_day("09:00-10:00")), build_calendar(every_day("09:01-10:01"), calendar_id=BEN)]
    slots = list_slots(build_schedule(*calendars), build_service(calendars=(ANNA, BEN)))
    assert [slot.calendar_ids for slot in slots] == [(ANNA,), (BEN,)]


def test_days_with_a_free_start_are_those_of_the_reader():
    schedule = build_schedule(MORNING, busy_by_calendar={ANNA: [busy("2026-12-08 00:00", "2026-12-09 00:00")]})
    calculator = AvailabilityCalculator(schedule, at("2026-12-07 00:00"), at("2026-12-10 00:00"))
    days = [MONDAY + timedelta(days=number) for number in range(3)]
    assert calculator.find_free_days(build_service(), ANY_TIME, "Europe/Berlin") == [days[0], days[2]]
    before = [one - timedelta(days=1) for one in (days[0], days[2])]
    assert calculator.find_free_days(build_service(), ANY_TIME, "Pacific/Honolulu") == sorted(
        {*before, days[0], days[2]}
    )


def test_a_start_before_midnight_is_on_the_day_before_clocks_change_and_not_on_the_day_of_it():
    schedule = build_schedule(build_calendar(on_weekday(5, "23:00-24:00")))
    calculator = AvailabilityCalculator(schedule, at("2027-03-27 00:00"), at("2027-03-29 00:00"))
    days = calculator.find_free_days(build_service(), ANY_TIME, "Europe/Berlin")
    assert [one.isoformat() for one in days] == ["2027-03-27"]


@pytest.mark.parametrize(
    ("field", "value"), [("duration", 0), ("interval", 0), ("capacity", 0), ("before", -1), ("after", -1)]
)
def test_a_service_without_duration_interval_or_seats_is_refused(field, value):
    with pytest.raises(ValueError, match="at least"):
        build_service(**{field: value})


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        BusyRange.between(TAKEN.starts_at.replace(tzinfo=None), TAKEN.ends_at)
