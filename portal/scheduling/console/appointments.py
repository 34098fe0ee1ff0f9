"""The page of one appointment, with the steps that are possible now."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from portal.activity.models import Entry
from portal.activity.presenters import PresentedEntry, present_entry
from portal.scheduling import services
from portal.scheduling.console.calendar_blocks import build_seat_marks
from portal.scheduling.console.session_choice import ENDED_STATES, build_session_choice
from portal.scheduling.models import Appointment
from portal.ui.formatting import friendly_datetime
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

MAX_ENTRIES = 50


@membership_required("appointments.view")
def show_appointment(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show everything about one appointment, and what can be done next."""
    return render_appointment(request, get_appointment(pk))


def get_appointment(pk: UUID) -> Appointment:
    """Return an appointment that somebody has booked, with what its page shows. Raises Http404."""
    found = Appointment.objects.exclude_demo().booked()
    return get_object_or_404(found.select_related("service", "client", "entry__calendar"), pk=pk)


def render_conflict(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show the appointment as it is now, and who has changed it before."""
    appointment = get_appointment(pk)
    return render_appointment(request, appointment, error=describe_last_change(appointment), status=409)


def render_appointment(
    request: StaffRequest, appointment: Appointment, *, error: str = "", status: int = 200
) -> HttpResponse:
    """Show an appointment, and what kept a change from being made."""
    now = database_clock.now()
    context = {
        "appointment": appointment,
        "marks": build_seat_marks(appointment),
        "entries": _list_entries(appointment),
        "resources": [each.resource for each in appointment.entry.reservations.select_related("resource")],
        "has_begun": appointment.starts_at <= now,
        "is_over": appointment.ends_at <= now,
        "has_ended": appointment.state in ENDED_STATES,
        "is_group": appointment.entry.capacity > 1,
        "busy_elsewhere": services.list_conflicting_calendars(appointment),
        "session_choice": build_session_choice(appointment),
        "error": error,
    }
    return render(request, "console/scheduling/appointment.html", context, status=status)


def describe_last_change(appointment: Appointment) -> str:
    """Return a sentence that says who has changed an appointment before, and how."""
    last = next(iter(_list_entries(appointment)), None)
    if last is None:
        return _("Your change was not made. Please check the appointment again.")
    texts: dict[str, Any] = {"what": last.title, "who": last.actor, "when": friendly_datetime(last.entry.at)}
    return _("Your change was not made. The appointment has changed: %(what)s (%(who)s, %(when)s).") % texts


def _list_entries(appointment: Appointment) -> list[PresentedEntry]:
    """Return what the timeline says about an appointment, the newest first."""
    entries = Entry.objects.exclude_demo().filter(subject_id=appointment.pk).order_by("-at", "-pk")
    return [present_entry(entry) for entry in entries[:MAX_ENTRIES]]
