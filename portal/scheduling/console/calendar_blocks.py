"""What the console's calendar shows of each time that is taken: appointments, groups, blocked times and holds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling.console.calendar_colours import LegendItem, choose_colour
from portal.scheduling.console.calendar_range import CalendarColours, get_midnight
from portal.scheduling.console.move_forms import format_period
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry, ResourceReservation
from portal.scheduling.models.appointment import SEATED_STATES
from portal.scheduling.services import BlockedPeriod

# What is said of an appointment whose state isn't the usual one.
STATE_MARKS: dict[str, str | Promise] = {
    AppointmentState.REQUESTED: gettext_lazy("Request"),
    AppointmentState.DONE: gettext_lazy("Done"),
    AppointmentState.NO_SHOW: gettext_lazy("Did not come"),
}


@dataclass(frozen=True)
class CalendarBlock:
    """One time that a calendar is taken, with its texts. `url` is empty where there is nothing to open.

    `resource_ids` are the rooms and equipment that it takes. `move_url` leads to the form that moves it, empty where it
    can't be moved as a whole; it is dragged in steps of so many minutes.
    """

    entry_id: UUID
    calendar_id: UUID
    calendar_name: str
    starts_at: datetime
    ends_at: datetime
    title: str
    detail: str
    marks: tuple[str | Promise, ...]
    css: str
    url: str
    colour: LegendItem | None
    resource_ids: frozenset[UUID]
    move_url: str = ""
    step: int = 0

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


@dataclass(frozen=True)
class BlockQuery:
    """Which times to show: of these calendars, and of these rooms and equipment; None for with and without any."""

    calendar_ids: Collection[UUID]
    from_at: datetime
    until_at: datetime
    resource_ids: Collection[UUID] | None = None
    colours: CalendarColours = CalendarColours.SERVICE
    # How far apart starts are, unless a service says otherwise.
    start_interval: int = 15


def load_blocks(query: BlockQuery, *, slug: str, now: datetime) -> list[CalendarBlock]:
    """Return what is taken in a range of instants, sorted by start."""
    seats = Appointment.objects.exclude_demo().filter(state__in=SEATED_STATES).select_related("client")
    entries = CalendarEntry.objects.filter(
        calendar__in=query.calendar_ids, is_active=True, starts_at__lt=query.until_at, ends_at__gt=query.from_at
    )
    if query.resource_ids is not None:
        used = ResourceReservation.objects.filter(resource__in=query.resource_ids, is_active=True)
        entries = entries.filter(pk__in=used.values("entry"))
    entries = (
        entries.select_related("calendar", "service")
        .prefetch_related(Prefetch("appointments", seats.order_by("created_at", "pk")), "reservations")
        .order_by("starts_at", "ends_at", "pk")
    )
    builder = _BlockBuilder(slug, query, now)
    blocks = (builder.build(entry, list(entry.appointments.all())) for entry in entries)
    return [block for block in blocks if block]


def select_blocks_of_day(blocks: Sequence[CalendarBlock], day: date, zone: ZoneInfo) -> list[CalendarBlock]:
    """Return the blocks of which a part lies on a day."""
    starts_at, ends_at = get_midnight(day, zone), get_midnight(day + timedelta(days=1), zone)
    return [block for block in blocks if block.starts_at < ends_at and block.ends_at > starts_at]


def build_seat_marks(appointment: Appointment) -> tuple[str | Promise, ...]:
    """Return what is unusual about an appointment, in a word or two each."""
    overbooked = (_("Overbooked"),) if appointment.is_overbooked else ()
    return (*((STATE_MARKS[appointment.state],) if appointment.state in STATE_MARKS else ()), *overbooked)


@dataclass(frozen=True)
class _BlockBuilder:
    """Says what is shown of entries, in a business's console."""

    slug: str
    query: BlockQuery
    now: datetime

    def build(self, entry: CalendarEntry, seats: list[Appointment]) -> CalendarBlock | None:
        """Return what is shown of an entry; nothing of a hold that has run out."""
        if entry.service is None:
            return self._build_blocked_time(entry)
        booked = [seat for seat in seats if seat.state != AppointmentState.HELD]
        if not booked:
            return self._build_hold(entry, seats)
        colour = choose_colour(entry.service, booked, self.query.colours)
        if entry.capacity > 1 or len(booked) > 1:
            return self._build_group(entry, booked, colour)
        return self._build_appointment(entry, booked[0], colour)

    def _build_blocked_time(self, entry: CalendarEntry) -> CalendarBlock:
        period = BlockedPeriod(entry.calendar_id, entry.starts_at, entry.ends_at)
        return _build(
            entry,
            title=entry.title or _("Blocked time"),
            css="is-blocked",
            url=self._link_entry(entry),
            move_url=self._link("blocked-time-time", entry.pk, seen=format_period(period)),
            step=self.query.start_interval,
        )

    def _build_appointment(self, entry: CalendarEntry, seat: Appointment, colour: LegendItem) -> CalendarBlock:
        is_movable = seat.is_open and seat.ends_at > self.now
        return _build(
            entry,
            title=seat.client_name,
            detail=entry.service.name if entry.service else "",
            marks=build_seat_marks(seat),
            css=f"tag-{colour.colour} is-{seat.state}{' is-overbooked' if seat.is_overbooked else ''}",
            url=self._link("appointment", seat.pk),
            colour=colour,
            move_url=self._link("appointment-time", seat.pk, version=str(seat.version)) if is_movable else "",
            step=(entry.service and entry.service.start_interval) or self.query.start_interval,
        )

    def _build_hold(self, entry: CalendarEntry, seats: list[Appointment]) -> CalendarBlock | None:
        is_held = any(seat.hold_expires_at and seat.hold_expires_at > self.now for seat in seats)
        detail = entry.service.name if entry.service else ""
        return _build(entry, title=_("Being booked"), detail=detail, css="is-held") if is_held else None

    def _build_group(self, entry: CalendarEntry, booked: list[Appointment], colour: LegendItem) -> CalendarBlock:
        """Return the block of a group, which leads to the list of those who come."""
        assert entry.service, "a group has a service"
        requests = sum(seat.state == AppointmentState.REQUESTED for seat in booked)
        is_overbooked = any(seat.is_overbooked for seat in booked)
        marks = [_("%(taken)d of %(all)d seats") % {"taken": len(booked), "all": entry.capacity}]
        marks += [_("Requests: %(number)d") % {"number": requests}] if requests else []
        marks += [_("Overbooked")] if is_overbooked else []
        css = f"tag-{colour.colour} is-group{' is-overbooked' if is_overbooked else ''}"
        url = self._link_entry(entry)
        return _build(entry, title=entry.service.name, marks=tuple(marks), css=css, url=url, colour=colour)

    def _link_entry(self, entry: CalendarEntry) -> str:
        return self._link("calendar-entry", entry.pk)

    def _link(self, name: str, pk: UUID, **query: str) -> str:
        url = reverse(f"console:{name}", kwargs={"business": self.slug, "pk": pk})
        return f"{url}?{urlencode(query)}" if query else url


def _build(
    entry: CalendarEntry,
    *,
    title: str,
    css: str,
    detail: str = "",
    marks: tuple[str | Promise, ...] = (),
    url: str = "",
    colour: LegendItem | None = None,
    move_url: str = "",
    step: int = 0,
) -> CalendarBlock:
    return CalendarBlock(
        entry_id=entry.pk,
        calendar_id=entry.calendar_id,
        calendar_name=entry.calendar.name,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        title=title,
        detail=detail,
        marks=marks,
        css=css,
        url=url,
        colour=colour,
        resource_ids=frozenset(each.resource_id for each in entry.reservations.all() if each.is_active),
        move_url=move_url,
        step=step,
    )
