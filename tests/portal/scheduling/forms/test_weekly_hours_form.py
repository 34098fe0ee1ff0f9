"""Tests of the editor of weekly hours."""

import pytest
from django.http import QueryDict

from portal.scheduling.forms.weekly_hours_form import WeeklyHoursForm, copy_monday_to_workdays, name_input

EVERY_DAY = {name_input(day, 0, side): "" for day in range(7) for side in ("from", "until")}


def build_form(*spans, hours=()):
    """Return the form with these spans typed: day, position, start and end."""
    typed = dict(EVERY_DAY)
    for day, position, starts, ends in spans:
        typed |= {name_input(day, position, "from"): starts, name_input(day, position, "until"): ends}
    return WeeklyHoursForm(typed, hours=hours)


def list_errors(form):
    return {day.weekday: day.errors for day in form.days if day.errors}


def test_spans_are_read_in_order_and_empty_days_are_closed():
    form = build_form((0, 0, "13", "17"), (0, 1, "9", "12"), (4, 0, "22:30", "02:00"))

    assert form.is_valid()
    assert form.hours == [(0, 540, 720), (0, 780, 1020), (4, 1350, 1560)]


def test_each_day_has_an_empty_pair_to_fill_in():
    form = WeeklyHoursForm(hours=[(0, 540, 720), (0, 780, 1020)])

    assert [len(day.pairs) for day in form.days] == [3, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("spans", "day", "error"),
    [
        ([(1, 0, "9", "25:00")], 1, "There is no time “25:00”. Enter a time such as 09:30."),
        ([(1, 0, "9", "")], 1, "Enter both a start and an end."),
        ([(1, 0, "9", "12"), (1, 1, "11", "13")], 1, "09:00–12:00 and 11:00–13:00 overlap."),
        ([(1, 0, "22", "4"), (2, 0, "3", "8")], 1, "22:00–04:00 overlaps with the hours of Wednesday."),
        ([(6, 0, "22", "4"), (0, 0, "3", "8")], 6, "22:00–04:00 overlaps with the hours of Monday."),
    ],
)
def test_hours_that_can_not_be_are_refused_at_their_day(spans, day, error):
    assert list_errors(build_form(*spans)) == {day: [error]}


def test_hours_that_touch_do_not_overlap():
    assert build_form((1, 0, "9", "12"), (1, 1, "12", "24:00"), (2, 0, "0:00", "4")).is_valid()


def test_a_long_text_is_refused_at_its_input():
    assert 3 in list_errors(build_form((3, 0, "9" * 400, "17")))


def test_monday_is_copied_to_the_other_workdays_only():
    typed = QueryDict(mutable=True)
    typed.update(EVERY_DAY | {name_input(0, 0, "from"): "8", name_input(0, 0, "until"): "16"})
    typed.update({name_input(2, 1, "from"): "20", name_input(5, 0, "from"): "10", name_input(5, 0, "until"): "12"})

    form = WeeklyHoursForm(copy_monday_to_workdays(typed), hours=[])

    assert form.is_valid()
    assert form.hours == [(day, 480, 960) for day in range(5)] + [(5, 600, 720)]
