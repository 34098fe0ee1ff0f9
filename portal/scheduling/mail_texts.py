"""What messages say about an appointment's times, place and next step, in the active language."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from portal.clients.models import ClientStatus
from portal.scheduling.calendar_events import get_shown_place
from portal.scheduling.models import Appointment, AppointmentState, LocationKind, SchedulingSettings
from portal.scheduling.services import is_still_offered
from portal.ui.formatting import datetime_with_zone
from tenants.models import Business


def choose_time_zone(appointment: Appointment, business: Business) -> str:
    """Return the IANA name of the zone in which somebody reads the times of their appointment."""
    own = appointment.client.time_zone if appointment.client and not appointment.contact_email else ""
    return own or appointment.time_zone or business.time_zone


def describe_instant(instant: datetime, zone: str, business: Business) -> str:
    """Return a time in its reader's zone, and in the business's as well where its clocks show another one."""
    own = datetime_with_zone(instant, zone)
    if instant.astimezone(ZoneInfo(zone)).utcoffset() == instant.astimezone(ZoneInfo(business.time_zone)).utcoffset():
        return own
    local = datetime_with_zone(instant, business.time_zone)
    return _("%(own)s; our time: %(local)s") % {"own": own, "local": local}


def describe_place(appointment: Appointment) -> str:
    """Return where an appointment takes place: an address, a number or a link, as it may be shown."""
    kinds = {
        LocationKind.ON_SITE: "",
        LocationKind.AT_CLIENT: _("At your place"),
        LocationKind.PHONE: _("By phone"),
        LocationKind.VIDEO: _("Video call"),
    }
    parts = (kinds[LocationKind(appointment.service.location_kind)], get_shown_place(appointment))
    return ": ".join(part for part in parts if part)


def describe_next_step(
    appointment: Appointment, rules: SchedulingSettings, business: Business, *, now: datetime
) -> str:
    """Return what happens next with an open appointment, and until when its client can change it."""
    zone = choose_time_zone(appointment, business)
    if appointment.state == AppointmentState.REQUESTED:
        return _("%(business)s will answer your request before its time.") % {"business": business.name}
    if appointment.state != AppointmentState.CONFIRMED or appointment.starts_at <= now:
        return ""
    move_until = appointment.starts_at - timedelta(minutes=rules.reschedule_window)
    if not is_still_offered(appointment, rules):
        move_until = now
    cancel_until = appointment.starts_at - timedelta(minutes=rules.cancel_window)
    if not has_portal_page(appointment) or max(move_until, cancel_until) <= now:
        return _("To move or cancel it, please contact %(business)s.") % {"business": business.name}
    return _describe_windows(move_until, cancel_until, zone, now=now)


def has_portal_page(appointment: Appointment) -> bool:
    """Return whether the portal shows the appointment to its client, who has to be on the list and may sign in.

    Who booked without signing in is told of no page: only some of them have one, and which would say who is a client.
    """
    is_client = appointment.client is not None and appointment.client.status == ClientStatus.ACTIVE
    return is_client and not appointment.contact_email


def _describe_windows(move_until: datetime, cancel_until: datetime, zone: str, *, now: datetime) -> str:
    """Return until when a client can move and cancel, of which at least one is still possible."""
    move, cancel = datetime_with_zone(move_until, zone), datetime_with_zone(cancel_until, zone)
    if move_until == cancel_until:
        return _("You can move or cancel it yourself until %(time)s.") % {"time": move}
    if move_until <= now:
        return _("You can cancel it yourself until %(time)s.") % {"time": cancel}
    if cancel_until <= now:
        return _("You can move it yourself until %(time)s.") % {"time": move}
    return _("You can move it yourself until %(move)s, and cancel it until %(cancel)s.") % {
        "move": move,
        "cancel": cancel,
    }
