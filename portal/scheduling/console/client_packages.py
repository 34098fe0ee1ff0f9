"""The pages of a client's card about their packages: give one, read what became of it, change and withdraw it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from portal.clients.console.card_shortcuts import client_card_view, redirect_to_client_card, render_client_card
from portal.clients.models import Client
from portal.scheduling import services
from portal.scheduling.console.client_package_forms import (
    ClientPackageForm,
    GivePackageForm,
    SessionReasonForm,
    TakeSessionForm,
)
from portal.scheduling.models import ClientPackage, ClientPackageQuerySet, SessionPackage
from portal.ui.money import format_amount
from tenants import database_clock
from tenants.staff.request_types import StaffRequest

MAX_PACKAGES = 100


def query_current_packages(client: Client) -> ClientPackageQuerySet:
    """Return a client's packages of which a session can be taken today."""
    today = services.get_business_day(database_clock.now())
    return client.session_packages.with_sessions_left().valid_on(today).first_to_expire()


@client_card_view("appointments.view")
def list_client_packages(request: StaffRequest, client: Client) -> HttpResponse:
    """List a client's packages, the newest first."""
    return render_client_card(request, client, "console/scheduling/client_packages.html", _build_list(client))


@client_card_view("appointments.edit", methods=("GET", "POST"))
def give_package(request: StaffRequest, client: Client) -> HttpResponse:
    """Give the client a package."""
    now, offered = database_clock.now(), SessionPackage.objects.filter(archived_at=None)
    today = services.get_business_day(now)
    form = GivePackageForm(request.POST or None, initial={"key": uuid4()}, packages=list(offered), today=today)
    if form.is_valid():
        try:
            given = services.give_package(
                package=form.chosen_package, client=client, terms=form.terms, staff=request.staff, now=now
            )
        except services.PackageArchived:
            form.add_error("package", _("This package was archived meanwhile. Choose another one."))
        else:
            messages.success(request, _("Given: %(name)s.") % {"name": given.name})
            return redirect_to_client_card(request, client, "client-packages")
    context = {"form": form, "offered": form.packages}
    template = "console/scheduling/new_client_package.html"
    return render_client_card(request, client, template, context, status=422 if form.errors else 200)


@client_card_view("appointments.view")
def show_client_package(request: StaffRequest, client: Client, package_pk: UUID) -> HttpResponse:
    """Show one package of the client's with what became of each session."""
    return render_client_package(request, client, get_client_package(client, package_pk))


@client_card_view("appointments.edit", methods=("POST",))
@transaction.atomic
def change_client_package(request: StaffRequest, client: Client, package_pk: UUID) -> HttpResponse:
    """Change until when a package is valid, and the note."""
    package = get_client_package(client, package_pk)
    form = _build_change_form(package, request.POST)
    if not form.is_valid():
        return render_client_package(request, client, package, form=form, status=form.error_status)
    try:
        now = database_clock.now()
        services.change_client_package(client_package=package, staff=request.staff, now=now, **form.values)
    except services.PackageWithdrawn:
        return render_client_package(request, client, package, error=_("This package was withdrawn."), status=409)
    messages.success(request, _("Saved."))
    return redirect_to_client_package(request, package)


@client_card_view("appointments.edit", methods=("POST",))
def withdraw_client_package(request: StaffRequest, client: Client, package_pk: UUID) -> HttpResponse:
    """Let no session of a package be taken any more."""
    package = get_client_package(client, package_pk)
    services.withdraw_client_package(client_package=package, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Withdrawn. Sessions that are reserved stay."))
    return redirect_to_client_package(request, package)


def get_client_package(client: Client, package_pk: UUID) -> ClientPackage:
    """Return a package of the client's. Raises Http404 for that of somebody else."""
    return get_object_or_404(ClientPackage.objects.filter(client=client), pk=package_pk)


def redirect_to_client_package(request: StaffRequest, package: ClientPackage) -> HttpResponse:
    """Redirect to the page of a client's package."""
    return redirect("console:client-package", business=request.slug, pk=package.client_id, package_pk=package.pk)


def render_client_package(
    request: StaffRequest, client: Client, package: ClientPackage, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """Render the page of a client's package; `extra` replaces a form or says what kept a change from being made."""
    sessions = package.sessions.select_related("appointment__service").order_by("-created_at", "-pk")
    price, today = package.price_amount, services.get_business_day(database_clock.now())
    context = {
        "package": package,
        "services": package.services.order_by("name", "pk"),
        "price": "" if price is None else format_amount(price, package.price_currency),
        "sessions": [(session, _build_return_form(session.pk)) for session in sessions],
        "has_expired": package.has_expired(today),
        "form": _build_change_form(package),
        "take_form": TakeSessionForm(initial={"key": uuid4()}, auto_id="take-%s"),
    }
    return render_client_card(request, client, "console/scheduling/client_package.html", context | extra, status=status)


def _build_list(client: Client) -> dict[str, Any]:
    today = services.get_business_day(database_clock.now())
    packages = client.session_packages.order_by("-given_at", "-pk")[:MAX_PACKAGES]
    return {"packages": [{"package": package, "has_expired": package.has_expired(today)} for package in packages]}


def _build_change_form(package: ClientPackage, data: Any = None) -> ClientPackageForm:
    current = {"expires_on": package.expires_on, "note": package.note}
    return ClientPackageForm(data, current=current, auto_id="change-%s")


def _build_return_form(session_pk: UUID) -> SessionReasonForm:
    return SessionReasonForm(auto_id=f"return-{session_pk}-%s")
