"""Calendar files are valid whatever people typed, and a booking, its move and its cancellation are one entry."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from portal.scheduling.calendar_files import (
    CalendarEvent,
    CalendarMethod,
    EventStatus,
    build_download,
    build_feed,
    build_invitation,
)
from tenants.text_cleaning import clean_line
from tests.portal.scheduling.strict_calendar_parser import parse_calendar, unfold_lines

REQUEST, CANCEL = CalendarMethod.REQUEST, CalendarMethod.CANCEL
BOOKED_AT = datetime(2027, 3, 1, 9, 30, 15, 999_999, tzinfo=UTC)
EVENT = CalendarEvent(
    uid="0195@acme.portico.example",
    sequence=0,
    # In Chicago, an hour after the clocks went forward.
    starts_at=datetime(2027, 3, 14, 3, 0, tzinfo=ZoneInfo("America/Chicago")),
    ends_at=datetime(2027, 3, 14, 4, 0, tzinfo=ZoneInfo("America/Chicago")),
    updated_at=BOOKED_AT,
    summary="Massage",
    description="Bring a towel.\nhttps://acme.portico.example/appointments/",
    location="Nordstraße 1, 10115 Berlin",
    url="https://acme.portico.example/appointments/7/",
    organiser_name="Acme Physiotherapy",
    organiser_email="portal@portals.example.com",
    attendee_name="Ana Pereira",
    attendee_email="ana@example.com",
    time_zone="America/Chicago",
)
INVITATION_NAMES = [
    "SUMMARY DTSTART DTEND DTSTAMP UID SEQUENCE ATTENDEE DESCRIPTION LAST-MODIFIED LOCATION ORGANIZER STATUS",
    "TRANSP URL",
]
NASTY_TEXTS = [
    "x\r\nATTENDEE:mailto:eve@example.com",
    "x\nEND:VEVENT\nEND:VCALENDAR",
    "x\rMETHOD:CANCEL",
    "x\x0bATTENDEE:y\x0cATTENDEE:y\x1cATTENDEE:y\x1dATTENDEE:y\x1eATTENDEE:y\x85ATTENDEE:y\u2028ATTENDEE:y",
    "\x00\x1b\ud83d\udc00\x7f",
    '";ROLE=CHAIR:mailto:eve@example.com;X="',
    "C:\\New\\name; one, two: three \\",
    "^n ^' ^^ %0D%0A",
    "👩‍👩‍👧 " * 40,
    "مرحبا بالعالم " * 20,
    "é" * 74 + "😀" * 40,
    "\\" * 200,
    " \t ",
]
TEXTS = st.text(st.characters(exclude_categories=()), max_size=200) | st.sampled_from(NASTY_TEXTS)


def parse_event(content):
    """Return the only event of a file."""
    [event] = parse_calendar(content).components
    assert event.name == "VEVENT"
    return event


def fill_texts(text):
    """Return the event with a text in all its texts."""
    fields = ("summary", "description", "location", "organiser_name", "attendee_name", "time_zone", "uid", "url")
    return replace(EVENT, **dict.fromkeys(fields, text), organiser_email=f"a{text}@b.example")


def test_a_booking_its_move_and_its_cancellation_are_one_entry_that_moves_and_goes():
    hour = timedelta(hours=1)
    moved = replace(
        EVENT, sequence=1, starts_at=EVENT.starts_at + hour, ends_at=EVENT.ends_at + hour, updated_at=BOOKED_AT + hour
    )
    cancelled = replace(moved, sequence=2, status=EventStatus.CANCELLED, updated_at=BOOKED_AT + 2 * hour)

    files = [
        build_invitation(event, method=method)
        for event, method in ((EVENT, REQUEST), (moved, REQUEST), (cancelled, CANCEL))
    ]
    calendars, events = [parse_calendar(one) for one in files], [parse_event(one) for one in files]

    assert {event["UID"].value for event in events} == {EVENT.uid}
    assert [event["SEQUENCE"].value for event in events] == ["0", "1", "2"]
    assert [calendar["METHOD"].value for calendar in calendars] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [event["DTSTAMP"].value for event in events] == ["20270301T093015Z", "20270301T103015Z", "20270301T113015Z"]
    assert [event["LAST-MODIFIED"].value for event in events] == [event["DTSTAMP"].value for event in events]
    assert [event["DTSTART"].value[9:] for event in events] == ["080000Z", "090000Z", "090000Z"]
    assert [event["STATUS"].value for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [event["TRANSP"].value for event in events] == ["OPAQUE", "OPAQUE", "TRANSPARENT"]


def test_the_method_stands_in_the_calendar_and_the_event_names_organiser_and_attendee():
    content = build_invitation(EVENT, method=REQUEST)
    calendar, event = parse_calendar(content), parse_event(content)

    assert calendar.names == ["VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-TIMEZONE"]
    assert (calendar["VERSION"].value, calendar["METHOD"].value) == ("2.0", "REQUEST")
    assert calendar["X-WR-TIMEZONE"].value == "America/Chicago"
    assert event.names == " ".join(INVITATION_NAMES).split()
    assert event["ORGANIZER"].value == "mailto:portal@portals.example.com"
    assert event["ORGANIZER"].parameters == {"CN": "Acme Physiotherapy"}
    assert event["ATTENDEE"].value == "mailto:ana@example.com"
    assert event["ATTENDEE"].parameters["CN"] == "Ana Pereira"
    assert event["ATTENDEE"].parameters["PARTSTAT"] == "ACCEPTED"
    assert event["DESCRIPTION"].text == EVENT.description
    assert event["LOCATION"].text == EVENT.location
    assert event["URL"].value == EVENT.url


def test_another_library_reads_the_same_instants_and_texts():
    event = Calendar.from_ical(build_invitation(EVENT, method=REQUEST)).events[0]

    assert (event.start, event.end) == (EVENT.starts_at, EVENT.ends_at)
    assert (event["SUMMARY"], event["DESCRIPTION"], event["LOCATION"]) == (
        EVENT.summary,
        EVENT.description,
        EVENT.location,
    )
    assert event["ATTENDEE"] == "mailto:ana@example.com"


@pytest.mark.parametrize(("fold", "instant"), [(0, "20261025T003000Z"), (1, "20261025T013000Z")])
def test_a_wall_time_that_exists_twice_is_the_instant_that_was_agreed(fold, instant):
    starts_at = datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=ZoneInfo("Europe/Berlin"))

    assert parse_event(build_download(replace(EVENT, starts_at=starts_at)))["DTSTART"].value == instant


@given(text=TEXTS)
@example(NASTY_TEXTS[0])
@example(NASTY_TEXTS[3])
def test_no_text_adds_a_property_or_breaks_a_line(text):
    event = fill_texts(text)
    content = build_invitation(event, method=REQUEST)

    parsed = parse_event(content)
    assert set(parsed.names) <= set(" ".join(INVITATION_NAMES).split())
    assert len(parsed.names) == len(set(parsed.names))
    assert set(parse_calendar(content).names) <= {"VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-TIMEZONE"}
    assert parsed["ATTENDEE"].value == "mailto:ana@example.com"
    # Nor for programs that see the end of a line where Python does.
    assert len(content.decode().splitlines()) == content.count(b"\r\n")


@given(text=TEXTS)
def test_every_text_is_read_as_it_was_typed_but_for_what_can_t_be_seen(text):
    event, shown = parse_event(build_invitation(fill_texts(text), method=REQUEST)), clean_line(text)

    for name in ("SUMMARY", "LOCATION"):
        assert (event[name].text if name in event.names else "") == shown
    for name in ("ORGANIZER", "ATTENDEE"):
        assert event[name].parameters.get("CN", "") == shown.replace('"', "'")


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_no_text_adds_a_property_to_a_feed(text):
    feed = parse_calendar(build_feed([fill_texts(text), EVENT], name=text, updated_at=BOOKED_AT, time_zone=text))

    assert [event.name for event in feed.components] == ["VEVENT", "VEVENT"]
    assert not any("ATTENDEE" in event.names for event in feed.components)
    assert feed["METHOD"].value == "PUBLISH"
    assert feed.names.count("X-WR-CALNAME") == bool(clean_line(text))


def test_lines_are_folded_at_75_octets_and_only_between_letters():
    lines = build_invitation(replace(EVENT, summary="é" * 200), method=REQUEST).split(b"\r\n")

    folded = [line for line in lines if "é" in line.decode()]
    assert len(folded) == 6
    assert max(len(line) for line in folded) in (74, 75)
    assert f"SUMMARY:{'é' * 200}" in unfold_lines(b"\r\n".join(lines))


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("ana+book@example.com", "mailto:ana+book@example.com"),
        ("o'neil@example.com", "mailto:o'neil@example.com"),
        ("a?cc=eve@example.com", "mailto:a%3Fcc%3Deve@example.com"),
        ("ana@bücher.example", "mailto:ana@b%C3%BCcher.example"),
        ("ana@example.com\r\nX: y", "mailto:ana@example.com%20X%3A%20y"),
    ],
)
def test_an_address_is_a_mailto_uri(address, uri):
    event = parse_event(build_invitation(replace(EVENT, attendee_email=address), method=REQUEST))

    assert event["ATTENDEE"].value == uri


def test_a_link_is_a_uri():
    event = parse_event(build_download(replace(EVENT, url="https://meet.example/Zoë raum?a=1&b=2%20")))

    assert event["URL"].value == "https://meet.example/Zo%C3%AB%20raum?a=1&b=2%20"


def test_a_feed_has_a_name_and_says_how_often_to_read_it_and_names_no_attendee():
    later = replace(EVENT, uid="0196@acme.portico.example", status=EventStatus.TENTATIVE)
    content = build_feed([EVENT, later], name="Acme, Ana", updated_at=BOOKED_AT, time_zone="America/Chicago")
    feed = parse_calendar(content)

    assert (feed["METHOD"].value, feed["X-WR-CALNAME"].text, feed["NAME"].text) == ("PUBLISH", "Acme, Ana", "Acme, Ana")
    assert (feed["REFRESH-INTERVAL"].value, feed["REFRESH-INTERVAL"].parameters) == ("PT1H", {"VALUE": "DURATION"})
    assert (feed["X-PUBLISHED-TTL"].value, feed["LAST-MODIFIED"].value) == ("PT1H", "20270301T093015Z")
    assert [event["STATUS"].value for event in feed.components] == ["CONFIRMED", "TENTATIVE"]
    assert b"ATTENDEE" not in content
    on_the_day = recurring_ical_events.of(Calendar.from_ical(content)).at(date(2027, 3, 14))
    assert {event["UID"] for event in on_the_day} == {EVENT.uid, later.uid}


def test_a_feed_without_events_is_a_calendar_too():
    feed = parse_calendar(build_feed([], name=" ", updated_at=BOOKED_AT))

    assert not feed.components
    assert not {"X-WR-TIMEZONE", "NAME", "X-WR-CALNAME"} & set(feed.names)


def test_a_download_is_one_event_for_no_calendar_in_particular():
    content = build_download(EVENT)

    assert parse_calendar(content).names == ["VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-TIMEZONE"]
    assert parse_calendar(content)["METHOD"].value == "PUBLISH"
    assert "ATTENDEE" not in parse_event(content).names


def test_empty_texts_are_left_out():
    event = parse_event(
        build_invitation(replace(EVENT, description="", location=" \n", url=" ", attendee_name=""), method=REQUEST)
    )

    assert not {"DESCRIPTION", "LOCATION", "URL"} & set(event.names)
    assert "CN" not in event["ATTENDEE"].parameters


@pytest.mark.parametrize(
    ("changes", "method"),
    [
        ({"status": EventStatus.CANCELLED}, REQUEST),
        ({"status": EventStatus.CONFIRMED}, CANCEL),
        ({"attendee_email": ""}, REQUEST),
    ],
)
def test_an_invitation_that_contradicts_itself_is_refused(changes, method):
    with pytest.raises(ValueError, match=r"can't be sent|needs an attendee"):
        build_invitation(replace(EVENT, **changes), method=method)


@pytest.mark.parametrize("field", ["starts_at", "ends_at", "updated_at"])
def test_a_time_without_a_zone_is_refused(field):
    with pytest.raises(ValueError, match="times with a zone"):
        replace(EVENT, **{field: datetime(2027, 3, 14, 3, 0)})  # noqa: DTZ001
