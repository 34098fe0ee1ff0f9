"""Tests that repeating appointments keep their wall-clock time, as calendar programs understand their rule."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import example, given
from hypothesis import strategies as st

from portal.scheduling.recurrence import (
    InvalidRepeatRule,
    RepeatRule,
    TooManyOccurrences,
    build_rrule,
    count_occurrences,
    list_occurrences,
)

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Apia",
]
MONDAY = datetime.fromisoformat("2027-01-04 09:00")
WALL_TIMES = st.datetimes(
    min_value=datetime.fromisoformat("2026-01-01"), max_value=datetime.fromisoformat("2030-01-01")
)
EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Tests//EN
BEGIN:VEVENT
UID:series@tests
DTSTAMP:20260101T000000Z
DTSTART;TZID={zone}:{first:%Y%m%dT%H%M%S}
DURATION:PT30M
RRULE:{rrule}
END:VEVENT
END:VCALENDAR
"""


def _list_as_calendar_program(first_local, zone, rule):
    """Return the instants that a program finds in the event."""
    text = EVENT.format(zone=zone, first=first_local, rrule=build_rrule(first_local.date(), rule))
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(text.replace("\n", "\r\n"))).all()
    return sorted(event.start.astimezone(UTC) for event in events)


def _list_times(first, zone, count, *, interval_weeks=1):
    """Return the occurrences as texts in UTC."""
    rule = RepeatRule(interval_weeks=interval_weeks, count=count)
    return [f"{at:%m-%d %H:%M}" for at in list_occurrences(datetime.fromisoformat(first), zone, rule)]


def test_nine_in_new_york_stays_nine_on_both_sides_of_both_changes():
    assert _list_times("2027-03-01 09:00", "America/New_York", 3) == ["03-01 14:00", "03-08 14:00", "03-15 13:00"]
    assert _list_times("2027-10-25 09:00", "America/New_York", 3) == ["10-25 13:00", "11-01 13:00", "11-08 14:00"]


def test_sundays_at_three_in_chicago_stay_at_three_on_the_day_of_the_change():
    assert _list_times("2027-03-07 15:00", "America/Chicago", 3) == ["03-07 21:00", "03-14 20:00", "03-21 20:00"]


def test_a_series_of_six_mondays_has_six_mondays():
    rule = RepeatRule(count=6)
    found = list_occurrences(datetime.fromisoformat("2027-01-04 10:00"), "Europe/Berlin", rule)
    assert [at.astimezone(ZoneInfo("Europe/Berlin")).date() for at in found] == [
        date(2027, 1, 4) + timedelta(weeks=number) for number in range(6)
    ]


@pytest.mark.parametrize(
    ("first", "zone", "times"),
    [
        # 02:30 is skipped and becomes 03:30; a week later it is 02:30 again.
        ("2027-03-21 02:30", "Europe/Berlin", ["03-21 01:30", "03-28 01:30", "04-04 00:30"]),
        # 02:30 is shown twice; it is the first, in summer time.
        ("2026-10-18 02:30", "Europe/Berlin", ["10-18 00:30", "10-25 00:30", "11-01 01:30"]),
        # 02:15 is skipped by half an hour and becomes 02:45.
        ("2026-09-27 02:15", "Australia/Lord_Howe", ["09-26 15:45", "10-03 15:45", "10-10 15:15"]),
        ("2027-03-28 01:45", "Australia/Lord_Howe", ["03-27 14:45", "04-03 14:45", "04-10 15:15"]),
        # Summer time is suspended for Ramadan.
        ("2027-01-31 09:00", "Africa/Casablanca", ["01-31 08:00", "02-07 09:00", "02-14 09:00"]),
        ("2027-03-07 09:00", "Africa/Casablanca", ["03-07 09:00", "03-14 08:00", "03-21 08:00"]),
        ("2027-03-21 09:00", "Asia/Kolkata", ["03-21 03:30", "03-28 03:30", "04-04 03:30"]),
        # Samoa skipped the whole of this Friday.
        ("2011-12-23 10:00", "Pacific/Apia", ["12-23 20:00", "12-30 20:00", "01-05 20:00"]),
    ],
)
def test_a_clock_change_moves_the_instant_and_not_the_wall_clock_time(first, zone, times):
    assert _list_times(first, zone, 3) == times


@given(
    zone=st.sampled_from(ZONES),
    first_local=WALL_TIMES,
    interval_weeks=st.integers(1, 8),
    count=st.integers(1, 14),
)
@example(zone="Europe/Berlin", first_local=datetime.fromisoformat("2027-03-21 02:30"), interval_weeks=1, count=3)
@example(zone="Europe/Berlin", first_local=datetime.fromisoformat("2026-10-25 02:30"), interval_weeks=1, count=3)
@example(zone="Australia/Lord_Howe", first_local=datetime.fromisoformat("2026-09-27 02:15"), interval_weeks=1, count=3)
@example(zone="Pacific/Apia", first_local=datetime.fromisoformat("2011-12-23 10:00"), interval_weeks=1, count=3)
def test_calendar_programs_find_the_same_occurrences(zone, first_local, interval_weeks, count):
    first_local, rule = first_local.replace(microsecond=0), RepeatRule(interval_weeks=interval_weeks, count=count)
    found = list_occurrences(first_local, zone, rule)
    assert len(found) == count
    assert found == _list_as_calendar_program(first_local, zone, rule)


@given(
    zone=st.sampled_from(ZONES),
    first_local=WALL_TIMES,
    interval_weeks=st.integers(1, 8),
    days=st.integers(0, 727),
)
@example(zone="Europe/Berlin", first_local=datetime.fromisoformat("2027-01-04 23:59"), interval_weeks=2, days=14)
@example(zone="Europe/Berlin", first_local=datetime.fromisoformat("2027-01-04 00:00"), interval_weeks=2, days=13)
def test_a_last_date_belongs_to_the_series(zone, first_local, interval_weeks, days):
    first_local, until_on = first_local.replace(microsecond=0), first_local.date() + timedelta(days=days)
    rule = RepeatRule(interval_weeks=interval_weeks, until_on=until_on)
    found = [at.astimezone(ZoneInfo(zone)).date() for at in list_occurrences(first_local, zone, rule)]
    step = timedelta(weeks=interval_weeks)
    assert found == [first_local.date() + number * step for number in range(len(found))]
    assert found[-1] <= until_on < found[-1] + step


def test_of_two_ends_the_earlier_one_counts():
    assert count_occurrences(date(2027, 1, 4), RepeatRule(count=3, until_on=date(2027, 12, 31))) == 3
    assert count_occurrences(date(2027, 1, 4), RepeatRule(count=30, until_on=date(2027, 1, 11))) == 2


@pytest.mark.parametrize(
    "rule",
    [
        RepeatRule(count=104),
        RepeatRule(interval_weeks=2, count=53),
        RepeatRule(interval_weeks=52, count=3),
        RepeatRule(interval_weeks=52, until_on=date(2029, 1, 3)),
        RepeatRule(interval_weeks=1000, count=1),
        RepeatRule(count=10**9, until_on=date(2027, 1, 4)),
    ],
)
def test_two_years_are_allowed(rule):
    found = list_occurrences(MONDAY, "Europe/Berlin", rule)
    assert found[-1] <= datetime(2029, 1, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "rule",
    [
        RepeatRule(),
        RepeatRule(count=105),
        RepeatRule(count=10**30),
        RepeatRule(interval_weeks=2, count=54),
        RepeatRule(interval_weeks=53, count=3),
        RepeatRule(interval_weeks=10**30, count=2),
        RepeatRule(until_on=date(2029, 1, 1)),
        RepeatRule(until_on=date(9999, 12, 31)),
        RepeatRule(interval_weeks=4, until_on=date(2029, 1, 29)),
    ],
)
def test_more_than_two_years_or_104_occurrences_are_refused(rule):
    with pytest.raises(TooManyOccurrences):
        list_occurrences(MONDAY, "Europe/Berlin", rule)
    with pytest.raises(TooManyOccurrences):
        build_rrule(date(2027, 1, 4), rule)


@pytest.mark.parametrize(
    "rule",
    [
        RepeatRule(interval_weeks=0, count=2),
        RepeatRule(interval_weeks=-1, count=2),
        RepeatRule(count=0),
        RepeatRule(count=-3),
        RepeatRule(until_on=date(2027, 1, 3)),
        RepeatRule(until_on=date(1, 1, 1)),
    ],
)
def test_a_rule_without_an_occurrence_is_refused(rule):
    with pytest.raises(InvalidRepeatRule):
        list_occurrences(MONDAY, "Europe/Berlin", rule)


def test_an_instant_instead_of_a_wall_clock_time_is_refused():
    with pytest.raises(ValueError, match="wall-clock"):
        list_occurrences(datetime(2027, 1, 4, 9, tzinfo=UTC), "Europe/Berlin", RepeatRule(count=2))


def test_the_rule_is_written_as_in_icalendar():
    assert build_rrule(date(2027, 1, 4), RepeatRule(interval_weeks=2, count=5)) == "FREQ=WEEKLY;INTERVAL=2;COUNT=5"
    assert build_rrule(date(2027, 1, 4), RepeatRule(until_on=date(2027, 1, 24))) == "FREQ=WEEKLY;INTERVAL=1;COUNT=3"
