"""Hours hold on the wall across every clock change from 2026 to 2036; no time is offered that is skipped, or twice."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.scheduling.availability import AvailabilityCalculator, build_opening_spans
from tests.portal.scheduling.availability.builders import (
    ANY_TIME,
    build_calendar,
    build_schedule,
    build_service,
    every_day,
    list_slots,
    read_clock,
)
from tests.portal.scheduling.availability.zone_changes import ZONES, list_clock_changes

COUNTS = {"Europe/Berlin": 22, "America/New_York": 22, "Australia/Lord_Howe": 22, "Asia/Kolkata": 0, "Pacific/Apia": 0}
QUARTER = timedelta(minutes=15)
every_zone = pytest.mark.parametrize("zone", ZONES)


def list_night(zone: str, change: datetime):
    """Return all quarters of an hour that are offered from a day before a change to a day after it."""
    schedule = build_schedule(build_calendar(every_day("00:00-24:00"), zone=zone))
    calculator = AvailabilityCalculator(schedule, change - timedelta(days=1), change + timedelta(days=1))
    return [slot.starts_at for slot in calculator.find_slots(build_service(15, interval=15), ANY_TIME)]


def show(zone: str, at: datetime) -> datetime:
    """Return what the wall shows."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@every_zone
def test_the_clock_changes_of_the_zone_are_found(zone):
    changes = len(list_clock_changes(zone))
    assert changes == COUNTS[zone] if zone in COUNTS else changes > 15


@every_zone
def test_the_day_begins_at_nine_and_ends_at_five_on_every_day_of_ten_years(zone):
    first, last = date(2026, 1, 1), date(2037, 1, 1)
    spans = build_opening_spans(build_calendar(every_day("09:00-17:00"), zone=zone), first, last)
    midnights = [datetime.combine(first, time()) + timedelta(days=number) for number in range((last - first).days)]
    expected = [(day + timedelta(hours=9), day + timedelta(hours=17)) for day in midnights]
    assert [(show(zone, start), show(zone, end)) for start, end in spans] == expected


@every_zone
def test_the_first_start_is_nine_before_and_after_every_change(zone):
    schedule = build_schedule(build_calendar(every_day("09:00-17:00"), zone=zone))
    expected = [f"{hour:02}:00" for hour in range(9, 17)]
    for change in list_clock_changes(zone):
        day = show(zone, change).date() - timedelta(days=2)
        clock = read_clock(list_slots(schedule, build_service(interval=60), day, days=4.5, zone=zone), zone)
        assert clock[:32] == expected * 4


@every_zone
def test_no_time_on_the_wall_is_offered_twice_or_is_the_second_of_two(zone):
    for change in list_clock_changes(zone):
        starts = list_night(zone, change)
        assert max(Counter(show(zone, one) for one in starts).values()) == 1
        assert {one.astimezone(ZoneInfo(zone)).fold for one in starts} == {0}


@every_zone
def test_no_time_is_offered_that_the_wall_does_not_show(zone):
    for change in list_clock_changes(zone):
        skipped = show(zone, change) - show(zone, change - QUARTER) - QUARTER
        shown = {show(zone, one) for one in list_night(zone, change)}
        before = show(zone, change - QUARTER)
        missing = [before + number * QUARTER for number in range(1, 1 + skipped // QUARTER)]
        assert shown.isdisjoint(missing)


@every_zone
def test_every_time_that_the_wall_shows_is_offered_once(zone):
    for change in list_clock_changes(zone):
        quarters = [change + number * QUARTER for number in range(-96, 96)]
        expected = [one for one in quarters if not one.astimezone(ZoneInfo(zone)).fold]
        assert list_night(zone, change) == expected


def test_hours_in_casablanca_hold_on_the_wall_when_ramadan_begins_and_ends():
    zone = "Africa/Casablanca"
    schedule = build_schedule(build_calendar(every_day("09:00-17:00"), zone=zone))
    starts = [list_slots(schedule, day=day, zone=zone)[0].starts_at for day in (date(2027, 2, 1), date(2027, 2, 15))]
    assert starts == [datetime(2027, 2, 1, 8, tzinfo=UTC), datetime(2027, 2, 15, 9, tzinfo=UTC)]


def test_apia_offers_nothing_on_the_day_that_it_skipped():
    zone = "Pacific/Apia"
    schedule = build_schedule(build_calendar(every_day("00:00-24:00"), zone=zone))
    calculator = AvailabilityCalculator(schedule, datetime(2011, 12, 29, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC))
    days = calculator.find_free_days(build_service(), ANY_TIME, zone)
    assert days == [date(2011, 12, 28), date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1), date(2012, 1, 2)]
