"""What pages say of one appointment: when it is, by whose clocks, its state, and what its client can do."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.scheduling.booking_pages import format_clock_time
from portal.scheduling.calendar_events import has_link
from portal.scheduling.models import Appointment, AppointmentState, LocationKind, PackageSession, SchedulingSettings
from portal.scheduling.services import (
    SlotQuery,
    can_reschedule,
    find_taken_session,
    get_business_day,
    is_still_offered,
    is_window_open,
    query_services_with_needs,
)
from portal.ui.money import format_amount
from tenants.models import Business


@dataclass(frozen=True)
class ShownTime:
    """A time as a page shows it: by the clocks of the reader's zone, with the business's beside it if they differ."""

    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    business: Business

    @property
    def text(self) -> str:
        """Return the day and the times, by the reader's clocks."""
        return format_time_range(self.starts_at, self.ends_at, self.zone)

    @property
    def zone_name(self) -> str:
        """Return the name of the reader's zone."""
        return self.zone.key

    @property
    def business_text(self) -> str:
        """Return the day and the times by the business's clocks; empty if they show the same."""
        zone = ZoneInfo(self.business.time_zone)
        if self.starts_at.astimezone(zone).utcoffset() == self.starts_at.astimezone(self.zone).utcoffset():
            return ""
        return format_time_range(self.starts_at, self.ends_at, zone)


@dataclass(frozen=True)
class AppointmentPage:
    """One appointment as its client reads it, by the clocks of `zone`."""

    appointment: Appointment
    business: Business
    rules: SchedulingSettings
    zone: ZoneInfo
    now: datetime

    @property
    def time(self) -> ShownTime:
        """Return when it is."""
        return self.show_time(self.appointment.starts_at, self.appointment.ends_at - self.appointment.starts_at)

    def show_time(self, starts_at: datetime, duration: timedelta) -> ShownTime:
        """Return a time by the same clocks."""
        return ShownTime(starts_at, starts_at + duration, self.zone, self.business)

    @property
    def is_pending(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.appointment.state == AppointmentState.REQUESTED and self.appointment.starts_at > self.now

    @property
    def is_coming(self) -> bool:
        """Tell whether it is still to take place, or to be answered."""
        return self.appointment.is_open and self.appointment.ends_at > self.now

    @property
    def has_gone_ahead(self) -> bool:
        """Tell whether it is in a calendar: it is coming, or has been."""
        return self.appointment.is_open or self.appointment.state in (AppointmentState.DONE, AppointmentState.NO_SHOW)

    @property
    def is_offered(self) -> bool:
        """Tell whether clients can still book the service."""
        return is_still_offered(self.appointment, self.rules)

    @cached_property
    def can_reschedule(self) -> bool:
        """Tell whether the client can choose another time."""
        return can_reschedule(self.appointment, self.rules, now=self.now)

    @cached_property
    def can_cancel(self) -> bool:
        """Tell whether the client can cancel it."""
        return is_window_open(self.appointment, self.rules.cancel_window, now=self.now)

    @cached_property
    def session(self) -> PackageSession | None:
        """Return the session of the client's package that it has reserved or used."""
        return find_taken_session(self.appointment)

    @property
    def cancel_deadline(self) -> str:
        """Return until when the client can cancel it, by the reader's clocks."""
        until = self.appointment.starts_at - timedelta(minutes=self.rules.cancel_window)
        return f"{format_day(until.astimezone(self.zone))}, {format_clock_time(until, self.zone)}"

    def ends_package(self, starts_at: datetime) -> bool:
        """Tell whether the package of its session has ended by a time to which the client may move it."""
        return bool(self.session and self.session.client_package.has_expired(get_business_day(starts_at)))

    @property
    def price(self) -> str:
        """Return what was agreed on, or nothing."""
        amount = self.appointment.price_amount
        return "" if amount is None else format_amount(amount, self.appointment.price_currency)

    @property
    def place(self) -> str:
        """Return where it takes place in words, without the address or link."""
        return str(LocationKind(self.appointment.service.location_kind).label)

    @property
    def link(self) -> str:
        """Return the link of a video call; empty where the place is none."""
        return self.appointment.location if has_link(self.appointment) else ""

    @property
    def can_open_link(self) -> bool:
        """Tell whether the call is certain, and not over."""
        return self.is_coming and self.appointment.state == AppointmentState.CONFIRMED

    @property
    def proposed_time(self) -> ShownTime | None:
        """Return the time that staff propose instead, if it is still to come."""
        starts_at = self.appointment.proposed_starts_at
        if self.appointment.state != AppointmentState.DECLINED or starts_at is None or starts_at <= self.now:
            return None
        return self.show_time(starts_at, self.appointment.ends_at - self.appointment.starts_at)

    @property
    def state_tone(self) -> str:
        """Return how the notice of the state looks."""
        if self.is_pending:
            return "warning"
        return "success" if self.is_coming else "info"

    @property
    def state_label(self) -> str:
        """Return the state in a word or two, or nothing where it goes without saying."""
        if self.is_pending:
            return _("Waiting for an answer")
        is_plain = self.appointment.state in (AppointmentState.CONFIRMED, AppointmentState.DONE)
        return "" if is_plain else self.appointment.get_state_display()

    @property
    def state_text(self) -> str:
        """Return the state in a sentence."""
        if self.appointment.is_open and not self.is_coming:
            return _("This appointment is over.")
        return get_state_text(AppointmentState(self.appointment.state)) % {"name": self.business.name}


def get_state_text(state: AppointmentState) -> str:
    """Return a sentence about a state, in which `name` stands for the business."""
    return {
        AppointmentState.HELD: "",
        AppointmentState.REQUESTED: _(
            "%(name)s has your request and will answer it. The time is kept for you until then."
        ),
        AppointmentState.CONFIRMED: _("Your appointment is confirmed."),
        AppointmentState.DONE: _("This appointment has taken place."),
        AppointmentState.NO_SHOW: _("You did not come to this appointment. If that isn’t right, please tell %(name)s."),
        AppointmentState.DECLINED: _("%(name)s can’t take this appointment."),
        AppointmentState.CANCELLED: _("This appointment was cancelled. It doesn’t take place."),
        AppointmentState.EXPIRED: _("Your request was not answered in time, so this appointment doesn’t take place."),
    }[state]


def format_time_range(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """Return when something begins and ends by the clocks of a zone, with the second day if it isn’t the first."""
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
    end = format_clock_time(ends_at, zone)
    if first.date() != last.date():
        end = f"{format_day(last)}, {end}"
    # No-break spaces: a line that begins with a dash reads badly.
    return f"{format_day(first)}, {format_clock_time(starts_at, zone)}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{end}"


def format_day(day: date) -> str:
    """Return a date with its weekday."""
    return date_format(day, pgettext("date format", "l, j F Y"))


def build_move_query(page: AppointmentPage) -> SlotQuery:
    """Return the query for the times to which a client can move an appointment.

    They stay with the same person, unless that one no longer gives the service.
    """
    appointment = page.appointment
    service = query_services_with_needs().get(pk=appointment.service_id)
    calendar_id: UUID | None = appointment.entry.calendar_id
    return SlotQuery(
        business=page.business,
        rules=page.rules,
        service=service,
        from_at=page.now,
        until_at=page.now,
        calendar_id=calendar_id if calendar_id in service.calendar_ids else None,
        ignored_entry_id=appointment.entry_id if appointment.entry.capacity == 1 else None,
    )


def build_proposal_query(page: AppointmentPage) -> SlotQuery:
    """Return the query for the time that staff have proposed instead of the declined one."""
    return replace(build_move_query(page), ignored_entry_id=None)


def get_booking_url(service_id: UUID | None = None) -> str:
    """Return the address of the booking page, or that of one service's times; nothing where there is none.

    The page belongs to a package above this one, which may be missing.
    """
    try:
        return reverse("booking:times", args=[service_id]) if service_id else reverse("booking:services")
    except NoReverseMatch:
        return ""
