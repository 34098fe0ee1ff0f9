"""What a calendar program reads at a feed's address: the appointments of a year to come and of three months past."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby

from django.utils import translation

from portal.clients.models import Client
from portal.scheduling.calendar_events import EventContext, build_blocked_event, build_client_event, build_staff_event
from portal.scheduling.calendar_files import CalendarEvent, build_feed
from portal.scheduling.models import (
    Appointment,
    AppointmentQuerySet,
    AppointmentState,
    CalendarEntry,
    CalendarFeed,
    StaffCalendar,
)
from tenants.models import Business

PAST_DAYS, COMING_DAYS = timedelta(days=90), timedelta(days=365)
MAX_EVENTS = 1_000
SHOWN_STATES = (
    AppointmentState.REQUESTED,
    AppointmentState.CONFIRMED,
    AppointmentState.DONE,
    AppointmentState.NO_SHOW,
)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedFile:
    """The events of a feed, written only when they are sent."""

    name: str
    time_zone: str
    events: tuple[CalendarEvent, ...]

    @property
    def etag(self) -> str:
        """Return what changes exactly when the file does."""
        return f'"{sha256(repr((self.name, self.time_zone, self.events)).encode()).hexdigest()[:32]}"'

    def build(self) -> bytes:
        """Return the file."""
        updated_at = max((event.updated_at for event in self.events), default=LONG_AGO)
        return build_feed(self.events, name=self.name, updated_at=updated_at, time_zone=self.time_zone)


def build_feed_file(feed: CalendarFeed, business: Business, *, now: datetime) -> FeedFile:
    """Return what a feed that was read with its owner holds now; cancelled appointments are gone from it."""
    if feed.client:
        return _build_client_file(feed.client, business, now=now)
    assert feed.calendar, "a feed without a client has a calendar"
    return _build_staff_file(feed.calendar, business, now=now)


def _build_client_file(client: Client, business: Business, *, now: datetime) -> FeedFile:
    zone = client.time_zone or business.time_zone
    context = EventContext.build(business, zone)
    with translation.override(client.language or translation.get_language()):
        found = _list_nearest(Appointment.objects.filter(client=client), now=now)
        events = tuple(build_client_event(appointment, context) for appointment in found)
    return FeedFile(business.name, zone, events)


def _build_staff_file(calendar: StaffCalendar, business: Business, *, now: datetime) -> FeedFile:
    """Return one event for each entry of the calendar, with the names of all who have a seat, and for blocked times.

    Only whose calendar it is reads this feed, so a blocked time has its title.
    """
    context = EventContext.build(business, calendar.time_zone)
    own = Appointment.objects.exclude_demo().filter(entry__calendar=calendar)
    found = sorted(_list_nearest(own, now=now), key=lambda one: (one.starts_at, one.entry_id, one.pk))
    seats = groupby(found, key=lambda one: one.entry_id)
    events = [build_staff_event(list(appointments), context) for _entry_id, appointments in seats]
    events += [build_blocked_event(entry, context) for entry in _list_blocked(calendar, now=now)]
    return FeedFile(f"{business.name} – {calendar.name}", calendar.time_zone, tuple(events))


def _list_blocked(calendar: StaffCalendar, *, now: datetime) -> Iterable[CalendarEntry]:
    """Return the blocked times of the feed's period; where there are too many, the latest."""
    rows = calendar.entries.filter(service=None, is_active=True)
    found = rows.filter(ends_at__gt=now - PAST_DAYS, starts_at__lt=now + COMING_DAYS)
    return sorted(found.order_by("-starts_at", "pk")[:MAX_EVENTS], key=lambda entry: (entry.starts_at, entry.pk))


def _list_nearest(appointments: AppointmentQuerySet, *, now: datetime) -> Iterable[Appointment]:
    """Return appointments of the feed's period: where there are too many, first those to come, then the latest."""
    found = appointments.filter(
        state__in=SHOWN_STATES, starts_at__gte=now - PAST_DAYS, starts_at__lt=now + COMING_DAYS
    ).select_related("service", "entry__calendar", "client")
    coming = list(found.filter(ends_at__gt=now).order_by("starts_at", "pk")[:MAX_EVENTS])
    past = found.filter(ends_at__lte=now).order_by("-starts_at", "pk")[: MAX_EVENTS - len(coming)]
    return [*reversed(past), *coming]
