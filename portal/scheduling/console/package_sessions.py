"""What staff do with single sessions: take one, return one, or choose which an appointment uses."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from portal.clients.console.card_shortcuts import client_card_view
from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.console.appointments import get_appointment, render_appointment, render_conflict
from portal.scheduling.console.client_package_forms import SessionReasonForm, TakeSessionForm
from portal.scheduling.console.client_packages import (
    get_client_package,
    redirect_to_client_package,
    render_client_package,
)
from portal.scheduling.services import AppointmentChanged, NoSessionLeft
from portal.ui.input_cleaning import parse_uuid
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@client_card_view("appointments.edit", methods=("POST",))
def take_session(request: StaffRequest, client: Client, package_pk: UUID) -> HttpResponse:
    """Use a session without an appointment, with a reason."""
    package, now = get_client_package(client, package_pk), database_clock.now()
    form = TakeSessionForm(request.POST, auto_id="take-%s")
    if not form.is_valid():
        return render_client_package(request, client, package, take_form=form, status=422)
    try:
        services.take_session(client_package=package, staff=request.staff, now=now, **form.cleaned_data)
    except NoSessionLeft:
        error = _("No session of this package can be taken any more.")
        return render_client_package(request, client, package, error=error, status=409)
    messages.success(request, _("One session was taken."))
    return redirect_to_client_package(request, package)


@client_card_view("appointments.edit", methods=("POST",))
def return_session(request: StaffRequest, client: Client, package_pk: UUID, session_pk: UUID) -> HttpResponse:
    """Return a session that is reserved or used, with a reason."""
    package = get_client_package(client, package_pk)
    session = get_object_or_404(package.sessions, pk=session_pk)
    form = SessionReasonForm(request.POST)
    if not form.is_valid():
        error = _("Enter a reason for returning the session.")
        return render_client_package(request, client, package, error=error, status=422)
    reason, now = form.cleaned_data["reason"], database_clock.now()
    services.return_session(session=session, reason=reason, staff=request.staff, now=now)
    messages.success(request, _("The session was returned."))
    return redirect_to_client_package(request, package)


@membership_required("appointments.edit", methods=("POST",))
def choose_session(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Let an appointment use a session of another package, or none."""
    appointment = get_appointment(pk)
    now = database_clock.now()
    try:
        package_id = _read_package(request)
        services.choose_session(appointment_id=pk, client_package_id=package_id, staff=request.staff, now=now)
    except AppointmentChanged:
        return render_conflict(request, pk)
    except NoSessionLeft:
        error = _("This package has no session for this appointment any more.")
        return render_appointment(request, appointment, error=error, status=409)
    messages.success(request, _("Saved."))
    return redirect("console:appointment", business=request.slug, pk=pk)


def _read_package(request: StaffRequest) -> UUID | None:
    """Return which package was chosen; None for none. Raises NoSessionLeft for what is no choice."""
    chosen = request.POST.get("package")
    package_id = parse_uuid(chosen or "")
    if package_id is None and chosen != "":
        raise NoSessionLeft
    return package_id
