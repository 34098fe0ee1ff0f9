"""Appointments as iCalendar files (RFC 5545, RFC 5546): invitations by mail, files to download, and private feeds.

Times are written as UTC instants (`20270314T200000Z`), without time zone definitions: an agreed appointment is an
instant, every calendar shows it in its owner's own zone, and no definition that has gone out of date can move it. The
reader's zone is named beside them (`X-WR-TIMEZONE`), which changes no instant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from django.utils.encoding import iri_to_uri
from icalendar import Calendar, Event, vCalAddress, vDatetime, vDuration, vText, vUri

from tenants.text_cleaning import clean_line, clean_lines

PRODUCT = "-//Portico//Scheduling//EN"
# How often a calendar should read a feed again, in iCalendar's own property and in the one that Outlook reads.
FEED_REFRESH_INTERVAL = timedelta(hours=1)
# A mailto URI (RFC 6068) has these as they are; calendars compare addresses as text, so no others are encoded.
ADDRESS_MARKS = "@!$'*+"
TEXT_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class EventStatus(StrEnum):
    """Whether an appointment will take place."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class CalendarMethod(StrEnum):
    """What an invitation asks of its reader's calendar: to add or change the event, or to cancel it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEvent:
    """One appointment as one person's calendar shows it.

    `uid` stays the same for as long as the appointment exists; `sequence` counts its changes from 0, and `updated_at`
    is the time of the last one, so a calendar recognises the newest of several files. `location`, `url` and
    `description` may be empty. `time_zone` is the IANA name of the reader's zone. All texts may have any characters:
    what could end a line is removed. Raises ValueError for a time without a zone.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    updated_at: datetime
    summary: str
    organiser_name: str
    organiser_email: str
    time_zone: str
    attendee_name: str = ""
    attendee_email: str = ""
    description: str = ""
    location: str = ""
    url: str = ""
    status: EventStatus = EventStatus.CONFIRMED

    def __post_init__(self) -> None:
        if any(instant.utcoffset() is None for instant in (self.starts_at, self.ends_at, self.updated_at)):
            raise ValueError("a calendar event needs times with a zone")

    @property
    def is_cancelled(self) -> bool:
        """Whether it has been cancelled."""
        return self.status == EventStatus.CANCELLED


class _Text(vText):
    """A text that is escaped as RFC 5545 says. The library's own class makes a line break of `\\N`, as in C:\\New."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        return self.translate(TEXT_ESCAPES).encode()


def build_invitation(event: CalendarEvent, *, method: CalendarMethod) -> bytes:
    """Return the file that goes with a mail to the event's attendee, who is the only one in it.

    Its content type is `text/calendar; method=REQUEST; charset=utf-8`, with the same method. The attendee has asked
    for the appointment or gives it, so no answer is requested. Raises ValueError for an event without an attendee, and
    unless exactly the cancelled ones are sent with CANCEL.
    """
    if not event.attendee_email:
        raise ValueError("an invitation needs an attendee")
    if event.is_cancelled != (method == CalendarMethod.CANCEL):
        raise ValueError(f"an event that is {event.status} can't be sent with {method}")
    component = _build_event(event)
    attendee = _build_address(event.attendee_name, event.attendee_email)
    attendee.params |= {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    component["ATTENDEE"] = attendee
    return _build_calendar(method, [component], time_zone=event.time_zone).to_ical()


def build_download(event: CalendarEvent) -> bytes:
    """Return a file from which a person adds one event to a calendar of theirs; it names no attendee."""
    return _build_calendar("PUBLISH", [_build_event(event)], time_zone=event.time_zone).to_ical()


def build_publication(events: Iterable[CalendarEvent], *, time_zone: str) -> bytes:
    """Return the file of a mail about several events, each under its own name, at its newest state.

    iTIP (RFC 5546) lets a REQUEST or a CANCEL hold events of one name only, so it asks for nothing: it publishes.
    """
    return _build_calendar("PUBLISH", [_build_event(event) for event in events], time_zone=time_zone).to_ical()


def build_feed(events: Iterable[CalendarEvent], *, name: str, updated_at: datetime, time_zone: str = "") -> bytes:
    """Return a calendar that programs read at a private address again and again; it names no attendees.

    `name` is what they call the calendar, `updated_at` the time of the last change of any of its events.
    """
    calendar = _build_calendar("PUBLISH", [_build_event(event) for event in events], time_zone=time_zone)
    _add_texts(calendar, {"NAME": clean_line(name), "X-WR-CALNAME": clean_line(name)})
    calendar["LAST-MODIFIED"] = _build_instant(updated_at)
    calendar["REFRESH-INTERVAL"] = vDuration(FEED_REFRESH_INTERVAL, params={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(FEED_REFRESH_INTERVAL)
    return calendar.to_ical()


def _build_calendar(method: str, events: Iterable[Event], *, time_zone: str) -> Calendar:
    calendar = Calendar()
    fixed = {"VERSION": "2.0", "PRODID": PRODUCT, "CALSCALE": "GREGORIAN", "METHOD": method}
    _add_texts(calendar, fixed | {"X-WR-TIMEZONE": clean_line(time_zone)})
    for event in events:
        calendar.add_component(event)
    return calendar


def _build_event(event: CalendarEvent) -> Event:
    component = Event()
    component.add("SEQUENCE", event.sequence)
    for name, instant in (("DTSTART", event.starts_at), ("DTEND", event.ends_at)):
        component[name] = _build_instant(instant)
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        component[name] = _build_instant(event.updated_at)
    component["ORGANIZER"] = _build_address(event.organiser_name, event.organiser_email)
    texts = {name: clean_line(getattr(event, name.lower())) for name in ("UID", "SUMMARY", "LOCATION")}
    # Each line by itself: some separators end a line in some programs, and are none that the rule removes.
    texts["DESCRIPTION"] = "\n".join(clean_line(line) for line in clean_lines(event.description).split("\n")).strip()
    texts |= {"STATUS": event.status, "TRANSP": "TRANSPARENT" if event.is_cancelled else "OPAQUE"}
    _add_texts(component, texts)
    if url := clean_line(event.url):
        component["URL"] = vUri(iri_to_uri(url))
    return component


def _add_texts(component: Calendar | Event, texts: Mapping[str, str]) -> None:
    """Add a property for each text that isn't empty."""
    for name, text in texts.items():
        if text:
            component[name] = _Text(text)


def _build_instant(instant: datetime) -> vDatetime:
    return vDatetime(instant.astimezone(UTC))


def _build_address(name: str, email: str) -> vCalAddress:
    """Return an address with its name; few programs read the escape for a double quote, so it becomes a single one."""
    address = vCalAddress(f"mailto:{quote(clean_line(email), safe=ADDRESS_MARKS)}")
    if name := clean_line(name).replace('"', "'"):
        address.params["CN"] = name
    return address
