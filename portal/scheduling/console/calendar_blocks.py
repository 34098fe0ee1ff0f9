"""What the console's calendar shows of each time that is taken: appointments, groups, blocked times and holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling.console.calendar_range import get_midnight
from portal.scheduling.models import Appointment, AppointmentState, CalendarEntry
from portal.scheduling.models.appointment import SEATED_STATES

# What is said of an appointment whose state isn't the usual one.
STATE_MARKS: dict[str, str | Promise] = {
    AppointmentState.REQUESTED: gettext_lazy("Request"),
    AppointmentState.DONE: gettext_lazy("Done"),
    AppointmentState.NO_SHOW: gettext_lazy("Did not come"),
}


@dataclass(frozen=True)
class CalendarBlock:
    """One time that a calendar is taken, with its texts. `url` is empty where there is nothing to open."""

    calendar_id: UUID
    calendar_name: str
    starts_at: datetime
    ends_at: datetime
    title: str
    detail: str
    marks: tuple[str | Promise, ...]
    css: str
    url: str


def load_blocks(
    calendar_ids: Iterable[UUID], from_at: datetime, until_at: datetime, *, slug: str, now: datetime
) -> list[CalendarBlock]:
    """Return what is taken of these calendars in a range of instants, sorted by start."""
    seats = Appointment.objects.exclude_demo().filter(state__in=SEATED_STATES).select_related("client")
    entries = (
        CalendarEntry.objects.filter(calendar__in=calendar_ids, is_active=True)
        .filter(starts_at__lt=until_at, ends_at__gt=from_at)
        .select_related("calendar", "service")
        .prefetch_related(Prefetch("appointments", seats.order_by("created_at", "pk")))
        .order_by("starts_at", "ends_at", "pk")
    )
    blocks = (_build_block(entry, list(entry.appointments.all()), slug=slug, now=now) for entry in entries)
    return [block for block in blocks if block]


def select_blocks_of_day(blocks: Sequence[CalendarBlock], day: date, zone: ZoneInfo) -> list[CalendarBlock]:
    """Return the blocks of which a part lies on a day."""
    starts_at, ends_at = get_midnight(day, zone), get_midnight(day + timedelta(days=1), zone)
    return [block for block in blocks if block.starts_at < ends_at and block.ends_at > starts_at]


def build_seat_marks(appointment: Appointment) -> tuple[str | Promise, ...]:
    """Return what is unusual about an appointment, in a word or two each."""
    overbooked = (_("Overbooked"),) if appointment.is_overbooked else ()
    return (*((STATE_MARKS[appointment.state],) if appointment.state in STATE_MARKS else ()), *overbooked)


def _build_block(entry: CalendarEntry, seats: list[Appointment], *, slug: str, now: datetime) -> CalendarBlock | None:
    """Return what is shown of an entry; nothing of a hold that has run out."""
    if entry.service is None:
        url = reverse("console:calendar-entry", kwargs={"business": slug, "pk": entry.pk})
        return _build(entry, title=entry.title or _("Blocked time"), css="is-blocked", url=url)
    booked = [seat for seat in seats if seat.state != AppointmentState.HELD]
    if not booked:
        return _build_hold(entry, seats, now=now)
    if entry.capacity > 1 or len(booked) > 1:
        return _build_group(entry, booked, slug=slug)
    seat = booked[0]
    return _build(
        entry,
        title=seat.client_name,
        detail=entry.service.name,
        marks=build_seat_marks(seat),
        css=f"tag-{entry.service.colour} is-{seat.state}{' is-overbooked' if seat.is_overbooked else ''}",
        url=reverse("console:appointment", kwargs={"business": slug, "pk": seat.pk}),
    )


def _build_hold(entry: CalendarEntry, seats: list[Appointment], *, now: datetime) -> CalendarBlock | None:
    is_held = any(seat.hold_expires_at and seat.hold_expires_at > now for seat in seats)
    detail = entry.service.name if entry.service else ""
    return _build(entry, title=_("Being booked"), detail=detail, css="is-held") if is_held else None


def _build_group(entry: CalendarEntry, booked: list[Appointment], *, slug: str) -> CalendarBlock:
    """Return the block of a group, which leads to the list of those who come."""
    assert entry.service, "a group has a service"
    numbers = {"taken": len(booked), "all": entry.capacity}
    requests = sum(seat.state == AppointmentState.REQUESTED for seat in booked)
    marks = [_("%(taken)d of %(all)d seats") % numbers]
    marks += [_("Requests: %(number)d") % {"number": requests}] if requests else []
    marks += [_("Overbooked")] if any(seat.is_overbooked for seat in booked) else []
    return _build(
        entry,
        title=entry.service.name,
        marks=tuple(marks),
        css=f"tag-{entry.service.colour} is-group",
        url=reverse("console:calendar-entry", kwargs={"business": slug, "pk": entry.pk}),
    )


def _build(
    entry: CalendarEntry,
    *,
    title: str,
    css: str,
    detail: str = "",
    marks: tuple[str | Promise, ...] = (),
    url: str = "",
) -> CalendarBlock:
    return CalendarBlock(
        calendar_id=entry.calendar_id,
        calendar_name=entry.calendar.name,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        title=title,
        detail=detail,
        marks=marks,
        css=css,
        url=url,
    )
