"""Tests of durations as people type and read them."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.scheduling.forms.durations import (
    DurationField,
    InvalidDuration,
    format_duration,
    list_duration_choices,
    parse_duration,
)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("45", 45),
        ("45 min", 45),
        ("90 Minuten", 90),
        ("1:30", 90),
        ("1 h 30", 90),
        ("1h30min", 90),
        ("1.5 hours", 90),
        ("1,5 Std.", 90),
        ("2 Stunden 15 Min.", 135),
        ("1 day", 1440),
        ("2 Tage", 2880),
    ],
)
def test_a_duration_can_be_typed_in_many_ways(typed, minutes):
    assert parse_duration(typed) == minutes


@pytest.mark.parametrize("typed", ["", "soon", "-5", "5 x", "1:75", "0.333 h", "1..5 h", "99999999999"])
def test_what_is_no_duration_is_refused(typed):
    with pytest.raises(InvalidDuration):
        parse_duration(typed)


@given(st.integers(0, 20_000), st.sampled_from(["en-gb", "de"]))
def test_what_is_shown_can_be_typed(minutes, language):
    with translation.override(language):
        assert parse_duration(format_duration(minutes)) == minutes


def test_a_day_is_never_1440_minutes():
    assert format_duration(1440) == "1 day"
    assert DurationField(max_minutes=2000).prepare_value(1440) == "1 day"


def test_limits_are_named_in_the_same_units():
    with pytest.raises(ValidationError, match="Enter at most 1 day"):
        DurationField(max_minutes=1440).clean("25 h")


def test_a_current_value_is_among_the_choices():
    assert list_duration_choices([15, 60], 25) == [(15, "15 min"), (25, "25 min"), (60, "1 h")]
