"""The overview of what clients can book and what is missing; for a new business, three questions instead."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.row_editing import SETUP_PERMISSION
from portal.scheduling.console.setup_checks import list_missing_parts, summarise_bookable_services
from portal.scheduling.forms.price_rules import format_example_amount
from portal.scheduling.forms.start_form import StartForm
from portal.scheduling.forms.weekly_hours_form import WeeklyHoursForm
from portal.scheduling.models import SchedulingSettings
from tenants import database_clock
from tenants.hostnames import build_portal_url
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest
from tenants.staff.team import list_members


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
def show_setup(request: StaffRequest) -> HttpResponse:
    """Show what clients can book, or ask a new business the three questions."""
    if request.method == "POST" or not services.has_started():
        return _start(request)
    rules, now = SchedulingSettings.objects.first() or SchedulingSettings(), database_clock.now()
    context = {
        "rules": rules,
        "url": build_portal_url(request.business, "/book/"),
        "missing": list_missing_parts(request.slug, rules),
        "bookable": summarise_bookable_services(request.business, rules, now=now),
    }
    return render(request, "console/scheduling/setup.html", context)


@transaction.atomic
def _start(request: StaffRequest) -> HttpResponse:
    """Ask what is offered, by whom and when; the answers make a service that can be booked."""
    data, business = request.POST or None, request.business
    form = StartForm(
        data,
        members=list(list_members(business)),
        person_id=request.person.pk,
        currency=business.currency,
    )
    hours_form = WeeklyHoursForm(data, hours=services.WORKING_WEEK, is_new=True, spare_pairs=0)
    is_valid = [form.is_valid(), hours_form.is_valid()]
    if all(is_valid):
        _save_start(request, form, hours_form)
        return redirect("console:scheduling-setup", business=request.slug)
    context = {"form": form, "hours_form": hours_form, "currency": business.currency}
    context |= {"example_amount": format_example_amount(business.currency), "url": build_portal_url(business, "/book/")}
    return render(request, "console/scheduling/start.html", context, status=422 if form.is_bound else 200)


def _save_start(request: StaffRequest, form: StartForm, hours_form: WeeklyHoursForm) -> None:
    try:
        services.start_scheduling(
            business=request.business,
            service_values=form.service_values,
            calendar_values=form.calendar_values,
            hours=hours_form.hours,
            staff=request.staff,
            now=database_clock.now(),
        )
    except services.SchedulingStarted:
        messages.info(request, _("There is a service already. Add others below."))
    else:
        messages.success(request, _("Done: clients can book. Open the booking page to see what they see."))
