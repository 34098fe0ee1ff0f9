"""Pages for the calendars that staff keep elsewhere: add, change, read now and remove."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.row_editing import SETUP_PERMISSION, get_row_for_edit
from portal.scheduling.forms.outside_calendar_form import NewOutsideCalendarForm, OutsideCalendarForm
from portal.scheduling.models import OutsideCalendar, StaffCalendar
from portal.scheduling.outside_calendars.address_errors import RefusedOutsideCalendar, save_or_explain
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

NEW_PAGE, PAGE = "console/scheduling/new_outside_calendar.html", "console/scheduling/outside_calendar.html"


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
def add_outside_calendar(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Add an outside calendar to a staff calendar, and go on to what came of reading it."""
    calendar = get_object_or_404(StaffCalendar, pk=pk)
    form = NewOutsideCalendarForm(request.POST or None)
    if form.is_valid():
        who: dict[str, Any] = {"calendar": calendar, "staff": request.staff, "now": database_clock.now()}
        if outside := _try_save(form, lambda: services.add_outside_calendar(**form.values, **who)):
            messages.success(request, _("Added. It is being read now."))
            return redirect("console:outside-calendar", business=request.slug, pk=outside.pk)
    return render(request, NEW_PAGE, {"form": form, "calendar": calendar}, status=form.error_status)


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def edit_outside_calendar(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say when an outside calendar was read and what came of it, and change it."""
    outside = get_row_for_edit(request, OutsideCalendar.objects.select_related("calendar"), pk)
    form = OutsideCalendarForm(request.POST or None, current={"name": outside.name, "is_active": outside.is_active})
    now = database_clock.now()
    if form.is_valid():
        who: dict[str, Any] = {"outside": outside, "staff": request.staff, "now": now}
        if _try_save(form, lambda: services.change_outside_calendar(**form.values, **who)):
            messages.success(request, _("Saved."))
            return redirect("console:staff-calendar", business=request.slug, pk=outside.calendar_id)
    context = {"form": form, "outside": outside, "calendar": outside.calendar, "is_stale": outside.is_stale(now)}
    return render(request, PAGE, context, status=form.error_status)


@membership_required(SETUP_PERMISSION, methods=("POST",))
def fetch_outside_calendar(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Have an outside calendar read at once."""
    outside = get_object_or_404(OutsideCalendar, pk=pk)
    try:
        services.request_fetch(outside=outside, now=database_clock.now())
        messages.success(request, _("It is being read now. Open this page again in a moment."))
    except services.FetchedJustNow:
        messages.warning(request, _("It was read a moment ago, or is switched off."))
    except OutsideCalendar.DoesNotExist as error:
        raise Http404 from error
    return redirect("console:outside-calendar", business=request.slug, pk=pk)


@membership_required(SETUP_PERMISSION, methods=("POST",))
def remove_outside_calendar(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Forget an outside calendar with its busy times."""
    outside = get_object_or_404(OutsideCalendar.objects.select_related("calendar"), pk=pk)
    try:
        services.remove_outside_calendar(outside=outside, staff=request.staff, now=database_clock.now())
    except OutsideCalendar.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Removed. Its times can be booked again."))
    return redirect("console:staff-calendar", business=request.slug, pk=outside.calendar_id)


def _try_save(form: Form, save: Callable[[], Any]) -> Any:
    """Return what was saved; None, with an error in the form, where it can't be."""
    try:
        with transaction.atomic():
            return save_or_explain(save)
    except RefusedOutsideCalendar as refusal:
        form.add_error(None if refusal.code == "too-many" else "address", str(refusal))
        return None
