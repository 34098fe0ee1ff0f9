"""The page of the rules of booking that hold for all services."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.row_editing import SETUP_PERMISSION
from portal.scheduling.forms.rules_form import RulesForm
from portal.scheduling.models import SchedulingSettings
from tenants import database_clock
from tenants.hostnames import build_portal_url
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def edit_booking_rules(request: StaffRequest) -> HttpResponse:
    """Choose when clients can book, move and cancel, and of what they are reminded."""
    is_saved = request.method == "POST"
    stored = SchedulingSettings.objects.first() or SchedulingSettings()
    rules = services.lock_scheduling_settings(request.business) if is_saved else stored
    form = RulesForm(request.POST or None, rules=rules)
    if form.is_valid():
        services.change_scheduling_settings(
            business=request.business,
            locked_settings=rules,
            staff=request.staff,
            now=database_clock.now(),
            **form.values,
        )
        messages.success(request, _("Saved. The rules hold for new bookings within seconds."))
        return redirect("console:booking-rules", business=request.slug)
    context = {"form": form, "url": build_portal_url(request.business, "/book/")}
    return render(request, "console/scheduling/rules.html", context, status=form.error_status)
