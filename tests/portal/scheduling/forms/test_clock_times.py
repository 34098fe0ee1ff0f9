"""Tests of times of day and spans of hours as people type them."""

import pytest

from portal.scheduling.forms.clock_times import (
    HoursSpan,
    InvalidHours,
    describe_span,
    parse_clock_time,
    parse_hours,
)


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("9", 540),
        ("09:30", 570),
        ("9.30", 570),
        ("0930", 570),
        ("9h30", 570),
        ("5 pm", 1020),
        ("12am", 0),
        ("12:15 p.m.", 735),
        ("24:00", 1440),
        ("24", 1440),
    ],
)
def test_a_time_can_be_typed_in_many_ways(typed, minute):
    assert parse_clock_time(typed) == minute


@pytest.mark.parametrize("typed", ["25:00", "24:01", "9:60", "13 pm", "noon", "-1", "9:5:0", "1" * 400])
def test_a_time_that_no_clock_shows_is_refused_by_its_name(typed):
    with pytest.raises(InvalidHours, match="There is no time"):
        parse_clock_time(typed)


def test_an_end_before_the_start_is_on_the_next_day():
    span = parse_hours("22:30", "02:00")

    assert span == HoursSpan(1350, 1560)
    assert describe_span(span) == "22:30–02:00 (next day)"
    assert describe_span(parse_hours("18:00", "24:00")) == "18:00–24:00"


@pytest.mark.parametrize(("starts", "ends"), [("17:00", "09:00"), ("9:00", "9:00"), ("24:00", "02:00"), ("9", "")])
def test_hours_that_are_likely_a_mistake_are_refused(starts, ends):
    with pytest.raises(InvalidHours):
        parse_hours(starts, ends)
