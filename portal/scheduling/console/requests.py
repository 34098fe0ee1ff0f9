"""The page of appointment requests that wait for an answer."""

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from portal.scheduling.models import Appointment
from portal.ui.pager_links import build_numbered_pager_links
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

PAGE_SIZE = 25


@membership_required("appointments.view")
def list_requests(request: StaffRequest) -> HttpResponse:
    """List the requests that can still be answered; those that start first stand first."""
    page = Paginator(query_requests(now=database_clock.now()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "pager": build_numbered_pager_links(page), "requests": page.paginator.count}
    return render(request, "console/scheduling/requests.html", context)


def query_requests(*, now: datetime) -> QuerySet[Appointment]:
    """Return the requests that can still be answered, with all that a row shows, by start."""
    waiting = Appointment.objects.exclude_demo().awaiting_answer(now)
    return waiting.select_related("service", "client", "entry__calendar").order_by("starts_at", "pk")


def count_requests(*, now: datetime) -> int:
    """Return how many requests wait for an answer."""
    return Appointment.objects.exclude_demo().awaiting_answer(now).count()
