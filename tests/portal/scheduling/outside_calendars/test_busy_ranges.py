"""Tests that a calendar from elsewhere is busy exactly when its owner is, and that no file can do harm."""

import io
from datetime import UTC, datetime

import pytest

from portal.scheduling.outside_calendars import busy_ranges
from portal.scheduling.outside_calendars.busy_ranges import UnreadableCalendar, read_busy_ranges
from portal.scheduling.outside_calendars.calendar_parser import parse_busy_ranges
from tenants.sandbox.refusals import FileRefused

# Monday to Sunday, in Berlin.
FROM, UNTIL = "2027-03-22T00:00:00+01:00", "2027-03-29T00:00:00+02:00"
MEETING = ["DTSTART;TZID=Europe/Berlin:20270322T100000", "DTEND;TZID=Europe/Berlin:20270322T110000"]
ALL_DAY = ["DTSTART;VALUE=DATE:20270327", "DTEND;VALUE=DATE:20270329"]
DAILY = [*MEETING, "RRULE:FREQ=DAILY;COUNT=3"]


def _build_calendar(*events, head=()):
    """Return a file with events, each a list of lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tests//EN", *head]
    for number, event in enumerate(events):
        own_uid = [] if any(line.startswith("UID:") for line in event) else [f"UID:{number}@tests"]
        lines += ["BEGIN:VEVENT", *own_uid, "DTSTAMP:20260101T000000Z", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _parse(content, *, from_at=FROM, until_at=UNTIL, time_zone="Europe/Berlin"):
    """Return the busy ranges as texts in UTC."""
    found = parse_busy_ranges(io.BytesIO(content), from_at=from_at, until_at=until_at, time_zone=time_zone)
    return [" – ".join(f"{datetime.fromtimestamp(at, UTC):%d %H:%M}" for at in one) for one in found]


def test_an_event_is_busy_from_its_start_to_its_end():
    assert _parse(_build_calendar(MEETING)) == ["22 09:00 – 22 10:00"]
    assert _parse(_build_calendar([MEETING[0], "DURATION:PT90M"])) == ["22 09:00 – 22 10:30"]
    assert _parse(_build_calendar([MEETING[0]])) == []


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "TRANSP:transparent", "STATUS:CANCELLED", "STATUS:Cancelled"])
@pytest.mark.parametrize("event", [MEETING, ALL_DAY, DAILY])
def test_a_free_or_cancelled_event_is_not_busy(event, line):
    assert _parse(_build_calendar([*event, line])) == []


@pytest.mark.parametrize("line", ["STATUS:TENTATIVE", "STATUS:CONFIRMED", "TRANSP:OPAQUE", "SUMMARY:Busy"])
def test_a_tentative_or_confirmed_event_is_busy(line):
    assert _parse(_build_calendar([*MEETING, line])) == ["22 09:00 – 22 10:00"]


def test_an_all_day_event_lasts_from_midnight_to_midnight_on_the_owner_s_wall():
    # The night before the 28th, clocks in Berlin go forward.
    assert _parse(_build_calendar(ALL_DAY)) == ["26 23:00 – 28 22:00"]
    assert _parse(_build_calendar(ALL_DAY), time_zone="America/New_York") == ["27 04:00 – 29 04:00"]
    assert _parse(_build_calendar(ALL_DAY[:1])) == ["26 23:00 – 27 23:00"]


def test_a_time_without_a_zone_is_on_the_owner_s_wall():
    floating = ["DTSTART:20270322T100000", "DTEND:20270322T110000", "RRULE:FREQ=WEEKLY;COUNT=2"]
    assert _parse(_build_calendar(floating)) == ["22 09:00 – 22 10:00"]
    assert _parse(_build_calendar(floating), time_zone="Asia/Kolkata") == ["22 04:30 – 22 05:30"]
    assert _parse(_build_calendar(floating), from_at=UNTIL, until_at="2027-04-05T00:00:00Z") == ["29 08:00 – 29 09:00"]


def test_a_time_with_a_zone_of_outlook_is_understood():
    outlook = [line.replace("Europe/Berlin", "W. Europe Standard Time") for line in MEETING]
    assert _parse(_build_calendar(outlook), time_zone="Asia/Kolkata") == ["22 09:00 – 22 10:00"]


@pytest.mark.parametrize("zone_comes_first", [True, False])
def test_a_time_with_a_zone_of_the_file_is_understood(zone_comes_first):
    offset = ["BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0700", "TZOFFSETTO:+0700", "END:STANDARD"]
    zone = "\r\n".join(["BEGIN:VTIMEZONE", "TZID:Our Office", *offset, "END:VTIMEZONE", ""]).encode()
    content = _build_calendar([line.replace("Europe/Berlin", "Our Office") for line in MEETING])
    place = b"BEGIN:VEVENT" if zone_comes_first else b"END:VCALENDAR"
    assert _parse(content.replace(place, zone + place)) == ["22 03:00 – 22 04:00"]


def test_a_time_with_an_unknown_zone_is_on_the_owner_s_wall():
    content = _build_calendar([line.replace("Europe/Berlin", "Nowhere/Land") for line in MEETING])
    assert _parse(content, time_zone="Asia/Kolkata") == ["22 04:30 – 22 05:30"]


def test_a_repeating_event_leaves_out_its_exceptions():
    assert _parse(_build_calendar(DAILY)) == ["22 09:00 – 22 10:00", "23 09:00 – 23 10:00", "24 09:00 – 24 10:00"]
    without = [*DAILY, "EXDATE;TZID=Europe/Berlin:20270323T100000"]
    assert _parse(_build_calendar(without)) == ["22 09:00 – 22 10:00", "24 09:00 – 24 10:00"]


def test_a_repeating_event_keeps_its_wall_clock_time_after_the_change():
    weekly = ["DTSTART;TZID=Europe/Berlin:20200106T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"]
    assert _parse(_build_calendar(weekly)) == ["22 09:00 – 22 10:00"]
    assert _parse(_build_calendar(weekly), from_at=UNTIL, until_at="2027-04-05T00:00:00Z") == ["29 08:00 – 29 09:00"]


@pytest.mark.parametrize(
    ("change", "second_day"),
    [
        (["DTSTART;TZID=Europe/Berlin:20270323T150000", "DURATION:PT2H"], ["23 14:00 – 23 16:00"]),
        ([*MEETING, "STATUS:CANCELLED"], []),
        ([*MEETING, "TRANSP:TRANSPARENT"], []),
    ],
)
def test_one_changed_occurrence_is_as_it_was_changed(change, second_day):
    changed = ["UID:series", "RECURRENCE-ID;TZID=Europe/Berlin:20270323T100000", *change]
    found = _parse(_build_calendar(["UID:series", *DAILY], changed))
    assert found == ["22 09:00 – 22 10:00", *second_day, "24 09:00 – 24 10:00"]


def test_only_what_overlaps_the_time_asked_for_is_listed_and_that_whole():
    window = {"from_at": "2027-03-22T09:30:00Z", "until_at": "2027-03-24T09:00:00Z"}
    assert _parse(_build_calendar(DAILY), **window) == ["22 09:00 – 22 10:00", "23 09:00 – 23 10:00"]
    assert _parse(_build_calendar(DAILY), from_at="2027-03-24T09:00:00Z") == ["24 09:00 – 24 10:00"]
    assert _parse(_build_calendar(DAILY), from_at="2027-03-24T10:00:00Z") == []


def test_an_event_without_a_zone_is_found_at_the_edges_of_the_time_asked_for():
    floating = _build_calendar(["DTSTART:20270322T100000", "DTEND:20270322T110000"])
    window = {"from_at": "2027-03-22T05:00:00Z", "until_at": "2027-03-22T05:15:00Z", "time_zone": "Asia/Kolkata"}
    assert _parse(floating, **window) == ["22 04:30 – 22 05:30"]
    assert _parse(floating, **(window | {"time_zone": "Europe/Berlin"})) == []


def test_a_long_absence_is_found_in_its_middle():
    absence = ["DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270410"]
    assert _parse(_build_calendar(absence)) == ["28 23:00 – 09 22:00"]
    assert _parse(_build_calendar([*absence, "RRULE:FREQ=YEARLY;COUNT=2"])) == ["28 23:00 – 09 22:00"]


def test_ranges_that_touch_or_overlap_are_one():
    following = ["DTSTART:20270322T100000Z", "DTEND:20270322T120000Z"]
    inside = ["DTSTART:20270322T103000Z", "DTEND:20270322T110000Z"]
    assert _parse(_build_calendar(following, MEETING, inside)) == ["22 09:00 – 22 12:00"]


@pytest.mark.parametrize(
    "broken",
    [
        ["DTSTART:yesterday"],
        ["SUMMARY:When?"],
        [*MEETING, "RRULE:FREQ=SOMETIMES"],
        [*MEETING, "RRULE:FREQ=DAILY;UNTIL=never"],
        [*MEETING, "RECURRENCE-ID:2027"],
        [*MEETING[:1], "DTEND;VALUE=DATE:20270321"],
        ["DTSTART:00010101T000000Z", "DTEND:00010101T010000Z"],
        ["DTSTART;TZID=Europe/Berlin:99991231T235959", "DURATION:P9999999D"],
        ["DTSTART:20270322T100000Z", "DTEND:20270321T100000Z"],
    ],
)
def test_a_broken_event_hides_no_other_one(broken):
    assert "24 09:00 – 24 10:00" in _parse(_build_calendar(broken, DAILY, broken))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "broken-calendar"),
        (b"<html>Please sign in</html>", "broken-calendar"),
        (b"\xff\xfe\x00", "broken-calendar"),
        (b"BEGIN:VCALENDAR\r\n", "broken-calendar"),
        (b"x" * (2 * 2**20 + 1), "too-large"),
        (b"BEGIN:VCALENDAR\n" + b"begin:vevent \nEND:VEVENT\n" * 20_001 + b"END:VCALENDAR\n", "too-many-events"),
        (_build_calendar(["DTSTART:20270322T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;INTERVAL=2"]), "too-many"),
    ],
)
def test_what_is_no_calendar_or_too_much_is_refused(content, reason):
    with pytest.raises(FileRefused, match=reason):
        _parse(content)


WEEK = {
    "from_at": datetime.fromisoformat(FROM),
    "until_at": datetime.fromisoformat(UNTIL),
    "time_zone": "Europe/Berlin",
}


def test_a_file_is_read_in_a_sandbox(db):
    found = read_busy_ranges(_build_calendar(DAILY, ALL_DAY), **WEEK)
    assert len(found) == 4
    assert found[0] == (datetime(2027, 3, 22, 9, tzinfo=UTC), datetime(2027, 3, 22, 10, tzinfo=UTC))


@pytest.mark.parametrize(("content", "reason"), [(b"<html>", "broken-calendar"), (b"x" * (2 * 2**20 + 1), "too-large")])
def test_a_refused_file_says_why(content, reason, db):
    with pytest.raises(UnreadableCalendar, match=reason):
        read_busy_ranges(content, **WEEK)


def test_a_file_that_takes_too_long_is_given_up(db, monkeypatch):
    monkeypatch.setattr(busy_ranges, "PARSER_SECONDS", 1)
    for_ever = ["DTSTART:19000101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"]
    with pytest.raises(UnreadableCalendar, match="too-complex"):
        read_busy_ranges(_build_calendar(for_ever), **WEEK)
