"""Console pages to add, check and release the portal's custom domains."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.access.network_limits import check_business_rate_limit
from portal.domains import services as domains
from portal.domains.custom_domain_status import build_status
from tenants import database_clock, hostnames
from tenants.domains import custom_domains
from tenants.domains.custom_domains import InvalidDomain
from tenants.models import CustomDomain
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("portal.edit", methods=("GET", "POST"))
def manage_domains(request: StaffRequest) -> HttpResponse:
    """List the business's domains with the state of each, or add a new one."""
    if request.method != "POST":
        return _render_domains(request)
    entered_domain = request.POST.get("domain", "")
    try:
        domains.add_domain(
            business=request.business, domain=entered_domain, staff=request.staff, now=database_clock.now()
        )
    except InvalidDomain as error:
        return _render_domains(request, entered_domain=entered_domain, error=str(error), status=422)
    return redirect("console:portal-domain", business=request.slug)


@membership_required("portal.edit", methods=("POST",))
def check_domain(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Verify a domain now, unless it was checked a moment ago."""
    custom_domain = _get_custom_domain(request, pk)
    if (error := _find_rate_limit_error(request, custom_domain)) is not None:
        messages.warning(request, error)
        return redirect("console:portal-domain", business=request.slug)
    custom_domain = domains.verify_domain(custom_domain=custom_domain, staff=request.staff, now=database_clock.now())
    if custom_domain.live_at:
        messages.success(request, _("%(domain)s shows your portal.") % {"domain": custom_domain.domain})
    return redirect("console:portal-domain", business=request.slug)


@membership_required("portal.edit", methods=("GET", "POST"))
def release_custom_domain(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask for confirmation, then release a domain."""
    custom_domain = _get_custom_domain(request, pk)
    if request.method != "POST":
        return render(request, "console/domains/domain_release.html", {"custom_domain": custom_domain})
    domains.release_domain(custom_domain=custom_domain, staff=request.staff, now=database_clock.now())
    messages.success(request, _("Released."))
    return redirect("console:portal-domain", business=request.slug)


def _find_rate_limit_error(request: StaffRequest, custom_domain: CustomDomain) -> str | None:
    """Return why a check is refused for now, or None. Checks query other people's name servers, so they are limited."""
    if not custom_domains.try_start_domain_check(custom_domain=custom_domain, now=database_clock.now()):
        return _("This domain was just checked. Wait ten seconds.")
    if check_business_rate_limit("domain-check", "DOMAIN_CHECKS_PER_BUSINESS", request.business):
        return _("Your domains have been checked very often. We check them every hour; try again later.")
    return None


def _get_custom_domain(request: StaffRequest, pk: UUID) -> CustomDomain:
    return get_object_or_404(custom_domains.list_custom_domains(request.business), pk=pk)


def _render_domains(
    request: StaffRequest, *, entered_domain: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "custom_domains": [build_status(each) for each in custom_domains.list_custom_domains(request.business)],
        "entered_domain": entered_domain,
        "error": error,
        "target": settings.PLATFORM_HOST,
        "platform_url": hostnames.build_absolute_url(hostnames.build_portal_host(request.slug)),
    }
    return render(request, "console/domains/domain.html", context, status=status)
