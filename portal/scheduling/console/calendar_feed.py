"""The page on which a member of staff makes and ends the secret address of their own calendar."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.feed_addresses import build_feed_address
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("appointments.view", methods=("GET", "POST"))
def edit_calendar_feed(request: StaffRequest) -> HttpResponse:
    """Say whether the member has a feed; make a new one and show its address, once."""
    calendar = services.get_own_calendar(request.staff)
    if calendar is None:
        return render(
            request, "console/scheduling/no_own_calendar.html", status=409 if request.method == "POST" else 200
        )
    context: dict[str, Any] = {"calendar": calendar}
    if request.method == "POST":
        token = services.create_feed(owner=calendar, staff=request.staff, now=database_clock.now())
        context["address"] = build_feed_address(request.business, token)
    context["feed"] = services.get_working_feed(calendar)
    return render(request, "console/scheduling/calendar_feed.html", context)


@membership_required("appointments.view", methods=("POST",))
def revoke_calendar_feed(request: StaffRequest) -> HttpResponse:
    """End the member's feed."""
    if calendar := services.get_own_calendar(request.staff):
        services.revoke_feed(owner=calendar, staff=request.staff, now=database_clock.now())
        messages.success(request, _("The address no longer works."))
    return redirect("console:calendar-feed", business=request.slug)
