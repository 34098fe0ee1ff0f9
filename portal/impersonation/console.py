"""Console pages that let staff view the portal as the demo client or as a real client."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.clients.models import Client
from portal.impersonation import services as impersonation
from portal.impersonation.forms import ImpersonationForm
from portal.ui.csp_form_targets import allow_portal_form_target
from tenants import database_clock, hostnames
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("portal.demo", methods=("POST",))
def view_as_demo_client(request: StaffRequest) -> HttpResponseBase:
    """Open the portal as the demo client."""
    return _render_portal_form(request, impersonation.impersonate_demo_client(**_get_impersonator(request)))


@membership_required("portal.demo", methods=("POST",))
def reset_demo_client_data(request: StaffRequest) -> HttpResponse:
    """Reset the demo client to its initial data."""
    impersonation.reset_demo_client(staff=request.staff, now=database_clock.now())
    messages.success(request, _("Demo client reset."))
    return redirect("console:portal", business=request.slug)


@membership_required("portal.impersonate", methods=("GET", "POST"))
def view_as_client(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Ask for the reason, then open the portal as this client, read-only."""
    target = get_object_or_404(Client.objects.exclude_unlisted().active(), pk=pk)
    form = ImpersonationForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _render_portal_form(
            request, impersonation.impersonate_client(client=target, reason=reason, **_get_impersonator(request))
        )
    status = 422 if form.is_bound else 200
    return render(request, "console/impersonation/impersonation.html", {"client": target, "form": form}, status=status)


def _get_impersonator(request: StaffRequest) -> dict[str, Any]:
    return {
        "business": request.business,
        "person": request.person,
        "staff_session_key": request.session.session_key,
        "staff": request.staff,
        "now": database_clock.now(),
    }


def _render_portal_form(request: StaffRequest, token: str) -> HttpResponseBase:
    """Render the form that carries the token to the portal in its body, where no log and no history keeps it.

    The portal accepts it from this host alone, so browsers have to say where it comes from.
    """
    url = hostnames.build_absolute_url(hostnames.build_portal_host(request.slug), "/impersonation/start/")
    page = render(request, "console/impersonation/opening.html", {"start_url": url, "token": token})
    page.headers["Referrer-Policy"] = "strict-origin"
    return allow_portal_form_target(request, page)
