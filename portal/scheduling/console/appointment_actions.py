"""What staff do with one appointment: confirm, decline, cancel, and mark who came."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.availability import Slot
from portal.scheduling.console.appointment_forms import ReasonForm
from portal.scheduling.console.appointments import get_appointment, render_conflict
from portal.scheduling.console.series_cancellation import CancellationForm
from portal.scheduling.models import Appointment, AppointmentState
from portal.scheduling.services import AppointmentChanged, SlotQuery
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

MARKS = {AppointmentState.DONE.value: services.mark_done, AppointmentState.NO_SHOW.value: services.mark_no_show}


@membership_required("appointments.edit", methods=("POST",))
def confirm_appointment(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Confirm a request, and go back to the list of requests or to the appointment."""
    appointment = get_appointment(pk)
    try:
        services.confirm_appointment(appointment_id=pk, staff=request.staff, now=database_clock.now())
    except AppointmentChanged:
        return render_conflict(request, pk)
    messages.success(request, _("Confirmed: %(name)s.") % {"name": appointment.client_name})
    next_url = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(next_url, allowed_hosts=None):
        return redirect(next_url)
    return _redirect(request, pk)


@membership_required("appointments.edit", methods=("GET", "POST"))
def decline_appointment(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Decline a request with a reason, and propose another time that is free."""
    appointment = get_appointment(pk)
    if appointment.state != AppointmentState.REQUESTED:
        return render_conflict(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    slots = {slot.starts_at.isoformat(): slot for slot in _list_nearest_times(request, appointment)}
    wanted = request.POST.get("proposed", "")
    if form.is_valid() and (not wanted or wanted in slots):
        return _decline(request, pk, form, slots.get(wanted))
    context = {"appointment": appointment, "form": form, "slots": slots, "is_gone": wanted and wanted not in slots}
    status = 422 if form.errors else 409 if context["is_gone"] else 200
    return render(request, "console/scheduling/refusal.html", context, status=status)


def _decline(request: StaffRequest, pk: UUID, form: ReasonForm, proposed: Slot | None) -> HttpResponse:
    try:
        services.decline_appointment(
            appointment_id=pk,
            staff=request.staff,
            reason=form.cleaned_data["reason"],
            proposed_starts_at=proposed.starts_at if proposed else None,
            now=database_clock.now(),
        )
    except AppointmentChanged:
        return render_conflict(request, pk)
    messages.success(request, _("Declined. The time is free again."))
    return _redirect(request, pk)


@membership_required("appointments.edit", methods=("GET", "POST"))
def cancel_appointment(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Cancel an appointment, with a reason for the client."""
    appointment = get_appointment(pk)
    form = CancellationForm(request.POST if request.method == "POST" else None, appointment=appointment)
    if not appointment.is_open:
        return render_conflict(request, pk)
    if request.method != "POST" or not form.is_valid():
        context = {"appointment": appointment, "form": form, "session": services.find_taken_session(appointment)}
        return render(request, "console/scheduling/cancellation.html", context, status=422 if form.errors else 200)
    try:
        form.cancel(staff=request.staff, now=database_clock.now())
    except AppointmentChanged:
        return render_conflict(request, pk)
    messages.success(request, _("Cancelled. The time is free again."))
    return _redirect(request, pk)


@membership_required("appointments.edit", methods=("POST",))
def mark_attendance(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Mark that the client came, or that they did not."""
    get_appointment(pk)
    mark = MARKS.get(request.POST.get("attendance", ""))
    if mark is None:
        raise BadRequest("neither done nor no-show")
    try:
        mark(appointment_id=pk, staff=request.staff, now=database_clock.now())
    except AppointmentChanged:
        return render_conflict(request, pk)
    messages.success(request, _("Saved."))
    return _redirect(request, pk)


def _list_nearest_times(request: StaffRequest, appointment: Appointment) -> list[Slot]:
    """Return the times nearest to the one that was asked for, of anybody who gives the service."""
    service = services.query_services_with_needs().get(pk=appointment.service_id)
    rules, at = services.get_scheduling_settings(request.business), appointment.starts_at
    query = SlotQuery(request.business, rules, service, from_at=at, until_at=at)
    return services.list_nearest_slots(query, at, now=database_clock.now())


def _redirect(request: StaffRequest, pk: UUID) -> HttpResponse:
    return redirect("console:appointment", business=request.slug, pk=pk)
