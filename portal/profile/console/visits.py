"""How does a member of staff see the portal as a client does?"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.clients.models import Client
from portal.profile import demo as demos
from portal.profile.console.forms import ReasonForm
from portal.profile.console.page import allow_stepping_over
from tenants import hostnames
from tenants.models import Business
from tenants.staff.decorators import membership_required


@membership_required("portal.demo", methods=("POST",))
def demo(request: HttpRequest) -> HttpResponse:
    """Step over to the portal as the demo client."""
    return _closed(request) or _over(request, demos.step_over(**_who(request)))


@membership_required("portal.demo", methods=("POST",))
def reset(request: HttpRequest) -> HttpResponse:
    """Let the demo client start over."""
    demos.reset(staff=request.staff, now=timezone.now())
    messages.success(request, _("The demo client starts over."))
    return redirect("console:portal", business=request.slug)


@membership_required("portal.impersonate", methods=("GET", "POST"))
def look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason, then step over to the portal as this client sees it."""
    client = get_object_or_404(Client.objects.listed().active(), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _closed(request) or _over(request, demos.look_at(client=client, reason=reason, **_who(request)))
    status = 422 if form.is_bound else 200
    page = render(request, "console/portal/look.html", {"client": client, "form": form}, status=status)
    return allow_stepping_over(request, page)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"business": request.business, "person": request.person, "staff": request.staff, "now": timezone.now()}


def _closed(request: HttpRequest) -> HttpResponse | None:
    """Return the way back where the portal shows nothing, so that no pass is issued and no visit written down."""
    if request.business.status == Business.Status.ACTIVE:
        return None
    messages.error(request, _("The portal is closed at the moment, so there is nothing to see there."))
    return redirect("console:portal", business=request.slug)


def _over(request: HttpRequest, token: str) -> HttpResponse:
    return redirect(
        hostnames.absolute_url(hostnames.portal_host_for(request.slug), f"/impersonation/start/?token={token}")
    )
