"""Pages for the services that clients book."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.row_editing import SETUP_PERMISSION, describe_saved, get_row_for_edit
from portal.scheduling.console.service_page_forms import ServicePage, build_new_service_page, build_service_page
from portal.scheduling.forms.durations import format_duration
from portal.scheduling.forms.price_rules import format_example_amount
from portal.scheduling.models import Service, StaffCalendar
from portal.ui.money import format_amount
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required(SETUP_PERMISSION)
def list_services(request: StaffRequest) -> HttpResponse:
    """List the services: those that are offered, and those that are archived."""
    rows = [summarise_service(service) for service in Service.objects.prefetch_related("calendars")]
    context = {
        "offered": [row for row in rows if not row["service"].archived_at],
        "archived": [row for row in rows if row["service"].archived_at],
    }
    return render(request, "console/scheduling/services.html", context)


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def add_service(request: StaffRequest) -> HttpResponse:
    """Add a service; everybody gives it unless other ticks are set."""
    active = StaffCalendar.objects.filter(is_active=True)
    page = build_new_service_page(request, [str(calendar.pk) for calendar in active])
    if page.form.is_bound and page.is_valid:
        services.add_service(needs=page.needs, staff=request.staff, now=database_clock.now(), **page.form.values)
        messages.success(request, _("Service added."))
        return redirect("console:services", business=request.slug)
    return _render_service(request, page, currency=request.business.currency)


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def edit_service(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change a service. Appointments that are agreed keep their times and prices."""
    service, now = get_row_for_edit(request, Service.objects.all(), pk), database_clock.now()
    page = build_service_page(request, service)
    coming = services.query_coming_of_service(service, now=now).count()
    if page.form.is_bound and page.is_valid:
        services.change_service(service=service, needs=page.needs, staff=request.staff, now=now, **page.form.values)
        messages.success(request, describe_saved(coming) if coming else _("Saved."))
        return redirect("console:services", business=request.slug)
    return _render_service(request, page, service=service, coming=coming, currency=service.price_currency)


@membership_required(SETUP_PERMISSION, methods=("POST",))
def archive_service(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Offer a service no more; its appointments stay."""
    service, now = get_object_or_404(Service, pk=pk), database_clock.now()
    services.archive_service(service=service, staff=request.staff, now=now)
    coming = services.query_coming_of_service(service, now=now).count()
    messages.success(request, describe_saved(coming) if coming else _("Archived. Clients can’t book it any more."))
    return redirect("console:services", business=request.slug)


@membership_required(SETUP_PERMISSION, methods=("POST",))
def restore_service(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Offer an archived service again."""
    service = get_object_or_404(Service, pk=pk)
    services.restore_service(service=service, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Restored. Clients can book it again."))
    return redirect("console:services", business=request.slug)


def summarise_service(service: Service) -> dict[str, Any]:
    """Return what a list shows of a service whose calendars were read."""
    price = service.price_amount
    return {
        "service": service,
        "duration": format_duration(service.duration),
        "price": "" if price is None else format_amount(price, service.price_currency),
        "people": [calendar.name for calendar in service.calendars.all() if calendar.is_active],
    }


def _render_service(request: StaffRequest, page: ServicePage, *, currency: str, **extra: Any) -> HttpResponse:
    context = {
        "page": page,
        "form": page.form,
        "currency": currency,
        "example_amount": format_example_amount(currency),
        **extra,
    }
    return render(request, "console/scheduling/service.html", context, status=page.status)
