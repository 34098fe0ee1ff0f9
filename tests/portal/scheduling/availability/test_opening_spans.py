"""Weekly hours and exceptions become spans of instants."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.scheduling.availability import DateException, WeeklyHours, build_opening_spans
from tests.portal.scheduling.availability.builders import (
    MONDAY,
    at,
    build_calendar,
    every_day,
    on_weekday,
    replace_hours,
)

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def list_spans(rules, from_date=MONDAY, until_date=TUESDAY):
    """Return spans as they read on the wall, without dates."""
    zone = ZoneInfo(rules.time_zone)
    spans = build_opening_spans(rules, from_date, until_date)
    return [f"{start.astimezone(zone):%H:%M}-{end.astimezone(zone):%H:%M}" for start, end in spans]


def test_spans_are_in_utc_and_in_order():
    rules = build_calendar(on_weekday(0, "13:00-17:00", "09:00-12:00"))
    spans = build_opening_spans(rules, MONDAY, TUESDAY)
    assert spans == [
        (at("2026-12-07 09:00"), at("2026-12-07 12:00")),
        (at("2026-12-07 13:00"), at("2026-12-07 17:00")),
    ]
    assert {edge.tzinfo for span in spans for edge in span} == {UTC}


def test_the_last_day_is_not_included():
    assert build_opening_spans(build_calendar(every_day("09:00-17:00")), MONDAY, MONDAY) == []


@pytest.mark.parametrize("other", ["12:00-17:00", "10:00-17:00", "09:00-17:00"])
def test_spans_that_touch_or_overlap_are_one(other):
    assert list_spans(build_calendar(every_day("09:00-12:00", other))) == ["09:00-17:00"]


def test_spans_of_two_days_that_touch_at_midnight_are_one():
    rules = build_calendar(on_weekday(0, "18:00-24:00") + on_weekday(1, "00:00-02:00"))
    assert list_spans(rules, MONDAY, WEDNESDAY) == ["18:00-02:00"]


def test_a_replacement_holds_on_its_first_and_its_last_day_only():
    change = replace_hours(MONDAY, TUESDAY, "10:00-11:00", "13:00-14:00")
    rules = build_calendar(every_day("09:00-17:00"), change)
    expected = ["09:00-17:00", *["10:00-11:00", "13:00-14:00"] * 2, "09:00-17:00"]
    assert list_spans(rules, MONDAY - timedelta(days=1), TUESDAY + timedelta(days=2)) == expected


def test_a_day_without_hours_is_closed():
    assert list_spans(build_calendar(every_day("09:00-17:00"), replace_hours(MONDAY, MONDAY))) == []


def test_added_hours_join_the_weekly_ones():
    extra = replace_hours(MONDAY, MONDAY, "17:00-19:00", "20:00-21:00", is_addition=True)
    assert list_spans(build_calendar(every_day("09:00-17:00"), extra)) == ["09:00-19:00", "20:00-21:00"]


def test_closed_wins_over_other_replacements_of_the_day():
    changes = [replace_hours(MONDAY, MONDAY, "10:00-11:00"), replace_hours(MONDAY, MONDAY)]
    assert list_spans(build_calendar(every_day("09:00-17:00"), *changes)) == []
    assert list_spans(build_calendar(every_day("09:00-17:00"), *reversed(changes))) == []


def test_added_hours_count_on_a_closed_day():
    changes = [replace_hours(MONDAY, MONDAY), replace_hours(MONDAY, MONDAY, "10:00-11:00", is_addition=True)]
    assert list_spans(build_calendar(every_day("09:00-17:00"), *changes)) == ["10:00-11:00"]


def test_the_hours_of_several_replacements_all_count():
    changes = [replace_hours(MONDAY, MONDAY, "10:00-11:00"), replace_hours(MONDAY, TUESDAY, "15:00-16:00")]
    assert list_spans(build_calendar(every_day("09:00-17:00"), *changes)) == ["10:00-11:00", "15:00-16:00"]


def test_a_closed_day_leaves_the_hours_that_began_the_day_before():
    rules = build_calendar(every_day("22:00-26:00"), replace_hours(TUESDAY, TUESDAY))
    assert list_spans(rules, MONDAY, WEDNESDAY) == ["22:00-02:00"]


def test_an_exception_of_a_hundred_years_costs_no_more_than_the_days_asked_for():
    change = replace_hours(date(1990, 1, 1), date(2090, 1, 1), "10:00-11:00")
    assert list_spans(build_calendar(every_day("09:00-17:00"), change)) == ["10:00-11:00"]


@pytest.mark.parametrize(
    ("hours", "starts", "ends"),
    [
        ("02:30-06:00", at("2027-03-28 03:00"), at("2027-03-28 06:00")),
        ("01:00-02:30", at("2027-03-28 01:00"), at("2027-03-28 03:00")),
    ],
)
def test_an_edge_that_berlin_skips_is_the_moment_of_the_change(hours, starts, ends):
    day = date(2027, 3, 28)
    assert build_opening_spans(build_calendar(every_day(hours)), day, day + timedelta(days=1)) == [(starts, ends)]


def test_hours_that_are_skipped_as_a_whole_are_absent():
    day = date(2027, 3, 28)
    assert build_opening_spans(build_calendar(every_day("02:00-03:00")), day, day + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("hours", "length"), [("02:30-06:00", 270), ("01:00-02:30", 90), ("02:15-02:45", 30), ("02:00-03:00", 120)]
)
def test_an_edge_that_berlin_repeats_is_the_first_of_the_two(hours, length):
    day = date(2026, 10, 25)
    [(starts, ends)] = build_opening_spans(build_calendar(every_day(hours)), day, day + timedelta(days=1))
    assert starts == at(f"2026-10-25 {hours[:5]}")
    assert ends - starts == timedelta(minutes=length)


def test_apia_has_no_hours_on_the_day_that_it_skipped():
    rules = build_calendar(every_day("09:00-17:00"), zone="Pacific/Apia")
    spans = build_opening_spans(rules, date(2011, 12, 29), date(2012, 1, 1))
    zone = "Pacific/Apia"
    assert [start for start, _end in spans] == [at("2011-12-29 09:00", zone), at("2011-12-31 09:00", zone)]


def test_hours_into_the_day_that_apia_skipped_end_where_the_day_before_did():
    rules = build_calendar(on_weekday(3, "22:00-26:00"), zone="Pacific/Apia")
    [(starts, ends)] = build_opening_spans(rules, date(2011, 12, 29), date(2012, 1, 1))
    assert ends - starts == timedelta(hours=2)


def test_hours_over_the_half_hour_that_lord_howe_skips_are_shorter_by_it():
    rules = build_calendar(every_day("00:00-08:00"), zone="Australia/Lord_Howe")
    [(starts, ends)] = build_opening_spans(rules, date(2026, 10, 4), date(2026, 10, 5))
    assert ends - starts == timedelta(hours=7.5)


@pytest.mark.parametrize(("starts", "ends"), [(-1, 60), (60, 60), (61, 60), (0, 2881)])
def test_hours_that_end_before_they_start_or_later_than_the_next_day_are_refused(starts, ends):
    with pytest.raises(ValueError, match="hours from minute"):
        WeeklyHours(0, starts, ends)
    with pytest.raises(ValueError, match="hours from minute"):
        DateException(MONDAY, MONDAY, ((starts, ends),))


def test_an_eighth_weekday_and_an_exception_that_ends_before_it_starts_are_refused():
    with pytest.raises(ValueError, match="weekday 7"):
        WeeklyHours(7, 0, 60)
    with pytest.raises(ValueError, match="exception from"):
        DateException(TUESDAY, MONDAY, ())
