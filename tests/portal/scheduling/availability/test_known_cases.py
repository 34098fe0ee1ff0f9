"""Mistakes of other booking systems, which are not made here: the names say which."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from portal.scheduling.availability import AvailabilityCalculator, ServiceRules
from tests.portal.scheduling.availability.builders import (
    ANNA,
    ANY_TIME,
    BEN,
    MONDAY,
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

NEW_YORK = "America/New_York"


def test_a_practitioner_who_is_busy_with_one_service_is_busy_for_the_other():
    taken = busy("2026-12-07 10:00", "2026-12-07 11:00")
    schedule = build_schedule(build_calendar(every_day("09:00-12:00")), busy_by_calendar={ANNA: [taken]})
    other = ServiceRules(UUID(int=99), 60, 0, 0, 60, 1, (ANNA,))
    assert read_clock(list_slots(schedule)) == ["09:00", "11:00"]
    assert read_clock(list_slots(schedule, other)) == ["09:00", "11:00"]


def test_a_room_that_one_practitioner_uses_is_taken_for_the_other():
    taken = busy("2026-12-07 10:00", "2026-12-07 11:00")
    calendars = [build_calendar(every_day("09:00-12:00"), calendar_id=one) for one in (ANNA, BEN)]
    schedule = build_schedule(*calendars, busy_by_calendar={ANNA: [taken]}, busy_by_resource={ROOM: [taken]})
    service = build_service(interval=60, calendars=(ANNA, BEN), room_ids=(ROOM,))
    assert read_clock(list_slots(schedule, service)) == ["09:00", "11:00"]


@pytest.mark.parametrize("day", [date(2027, 3, 12), date(2027, 3, 15), date(2027, 11, 5), date(2027, 11, 8)])
def test_hours_in_new_york_are_the_same_on_the_wall_before_and_after_a_clock_change(day):
    schedule = build_schedule(build_calendar(every_day("09:00-17:00"), zone=NEW_YORK))
    clock = read_clock(list_slots(schedule, build_service(interval=60), day, zone=NEW_YORK), NEW_YORK)
    assert clock == [f"{hour:02}:00" for hour in range(9, 17)]


def test_new_york_is_an_hour_nearer_to_utc_once_its_clocks_are_put_forward():
    schedule = build_schedule(build_calendar(every_day("09:00-17:00"), zone=NEW_YORK))
    days = [date(2027, 3, 12), date(2027, 3, 15), date(2027, 11, 5), date(2027, 11, 8)]
    first = [list_slots(schedule, day=day, zone=NEW_YORK)[0].starts_at for day in days]
    assert [one.hour for one in first] == [14, 13, 13, 14]


def test_half_past_two_is_not_offered_in_the_night_in_which_berlin_skips_it():
    schedule = build_schedule(build_calendar(every_day("01:00-05:00")))
    slots = list_slots(schedule, build_service(30), date(2027, 3, 28))
    assert read_clock(slots) == ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]


def test_half_past_two_is_offered_once_as_the_first_of_two_in_the_night_in_which_berlin_repeats_it():
    schedule = build_schedule(build_calendar(every_day("01:00-05:00")))
    slots = list_slots(schedule, build_service(30), date(2026, 10, 25), days=2)
    on_the_day = [slot for slot in slots if slot.starts_at < at("2026-10-25 12:00")]
    expected = ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00", "04:30"]
    assert read_clock(on_the_day) == expected
    assert on_the_day[3].starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert on_the_day[4].starts_at == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


def test_an_hour_at_half_past_eleven_is_offered_if_hours_run_over_midnight():
    schedule = build_schedule(build_calendar(on_weekday(0, "22:30-26:00")))
    slots = list_slots(schedule, days=2)
    assert read_clock(slots) == ["22:30", "23:00", "23:30", "00:00", "00:30", "01:00"]
    assert slots[-1].starts_at == at("2026-12-08 01:00")


def test_an_hour_at_half_past_eleven_is_offered_if_hours_of_two_days_touch_at_midnight():
    schedule = build_schedule(build_calendar(on_weekday(0, "18:00-24:00") + on_weekday(1, "00:00-02:00")))
    assert read_clock(list_slots(schedule, days=2))[10:] == ["23:00", "23:30", "00:00", "00:30", "01:00"]


def test_hours_over_midnight_belong_to_the_day_on_which_they_start():
    schedule = build_schedule(build_calendar(on_weekday(6, "22:30-26:00")))
    assert read_clock(list_slots(schedule)) == ["00:00", "00:30", "01:00"]
    assert read_clock(list_slots(schedule, day=date(2026, 12, 8))) == []


def test_the_last_hour_before_midnight_is_offered():
    schedule = build_schedule(build_calendar(every_day("20:00-24:00")))
    slots = list_slots(schedule, build_service(interval=60))
    assert read_clock(slots) == ["20:00", "21:00", "22:00", "23:00"]
    assert slots[-1].ends_at == at("2026-12-08 00:00")


def test_a_time_late_in_london_is_on_the_next_day_of_a_client_in_kathmandu():
    schedule = build_schedule(build_calendar(on_weekday(0, "23:00-24:00"), zone="Europe/London"))
    start, end = at("2026-12-07 00:00", "Europe/London"), at("2026-12-09 00:00", "Europe/London")
    calculator = AvailabilityCalculator(schedule, start, end)
    assert calculator.find_free_days(build_service(), ANY_TIME, "Europe/London") == [MONDAY]
    assert calculator.find_free_days(build_service(), ANY_TIME, "Asia/Kathmandu") == [date(2026, 12, 8)]
    assert read_clock(calculator.find_slots(build_service(), ANY_TIME), "Asia/Kathmandu") == ["04:45"]
