"""Pages for the packages of sessions that staff can give to clients."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.scheduling import services
from portal.scheduling.console.row_editing import SETUP_PERMISSION, get_row_for_edit
from portal.scheduling.forms.package_form import PackageForm
from portal.scheduling.forms.price_rules import format_example_amount
from portal.scheduling.models import Service, SessionPackage
from portal.ui.money import format_amount, format_amount_for_input
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required(SETUP_PERMISSION)
def list_packages(request: StaffRequest) -> HttpResponse:
    """List the packages: those that can be given, and those that are archived."""
    rows = [summarise_package(package) for package in SessionPackage.objects.prefetch_related("services")]
    context = {
        "offered": [row for row in rows if not row["package"].archived_at],
        "archived": [row for row in rows if row["package"].archived_at],
        "has_services": Service.objects.filter(archived_at=None).exists(),
    }
    return render(request, "console/scheduling/packages.html", context)


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def add_package(request: StaffRequest) -> HttpResponse:
    """Add a package that staff can give from then on."""
    offered = Service.objects.filter(archived_at=None)
    form = PackageForm(request.POST or None, currency=request.business.currency, services=list(offered))
    if form.is_valid():
        services.add_session_package(staff=request.staff, now=database_clock.now(), **form.values)
        messages.success(request, _("Added. Give it to a client on their card, under Packages."))
        return redirect("console:session-packages", business=request.slug)
    return _render_package(request, form)


@membership_required(SETUP_PERMISSION, methods=("GET", "POST"))
@transaction.atomic
def edit_package(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change a package. What clients were given before stays as it was."""
    package = get_row_for_edit(request, SessionPackage.objects.all(), pk)
    covered = sorted(str(key) for key in package.services.values_list("pk", flat=True))
    offered = Service.objects.filter(Q(archived_at=None) | Q(pk__in=covered))
    current = _list_values(package) | {"services": covered}
    form = PackageForm(request.POST or None, current=current, currency=package.price_currency, services=list(offered))
    if form.is_valid():
        services.change_session_package(package=package, staff=request.staff, now=database_clock.now(), **form.values)
        messages.success(request, _("Saved. Packages that clients have already stay as they are."))
        return redirect("console:session-packages", business=request.slug)
    return _render_package(request, form, package=package)


@membership_required(SETUP_PERMISSION, methods=("POST",))
def archive_package(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give a package to nobody any more; clients keep what they have."""
    package = get_object_or_404(SessionPackage, pk=pk)
    services.archive_session_package(package=package, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Archived. Clients who have it keep it."))
    return redirect("console:session-packages", business=request.slug)


@membership_required(SETUP_PERMISSION, methods=("POST",))
def restore_package(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Let staff give an archived package again."""
    package = get_object_or_404(SessionPackage, pk=pk)
    services.restore_session_package(package=package, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Restored. It can be given to clients again."))
    return redirect("console:session-packages", business=request.slug)


def summarise_package(package: SessionPackage) -> dict[str, Any]:
    """Return what a list shows of a package whose services were read."""
    price = package.price_amount
    return {
        "package": package,
        "price": "" if price is None else format_amount(price, package.price_currency),
        "services": [service.name for service in package.services.all()],
    }


def _list_values(package: SessionPackage) -> dict[str, Any]:
    price = package.price_amount
    values = {name: getattr(package, name) for name in ("name", "sessions", "validity_days")}
    return values | {"price": "" if price is None else format_amount_for_input(price, package.price_currency)}


def _render_package(request: StaffRequest, form: PackageForm, **extra: Any) -> HttpResponse:
    context = {"form": form, "currency": form.currency, "example_amount": format_example_amount(form.currency), **extra}
    return render(request, "console/scheduling/package.html", context, status=form.error_status)
