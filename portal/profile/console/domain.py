"""How does a member of staff give the portal a domain of the business's own?"""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.network_limits import check_business_limit
from portal.profile import domains
from tenants import hostnames
from tenants.domains import custom_domains
from tenants.domains.custom_domains import InvalidDomain
from tenants.models import CustomDomain
from tenants.staff.decorators import membership_required


@membership_required("portal.edit", methods=("GET", "POST"))
def domain(request: HttpRequest) -> HttpResponse:
    """List the business's domains with what each one waits for, and take a new one."""
    if request.method != "POST":
        return _page(request)
    typed = request.POST.get("domain", "")
    try:
        domains.add(business=request.business, domain=typed, staff=request.staff, now=timezone.now())
    except InvalidDomain as refusal:
        return _page(request, typed=typed, refusal=str(refusal), status=422)
    return redirect("console:portal-domain", business=request.slug)


@membership_required("portal.edit", methods=("POST",))
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look now how far a domain has come, if nobody has only just looked."""
    custom_domain = _get_custom_domain(request, pk)
    if (refusal := _enough(request, custom_domain)) is not None:
        messages.warning(request, refusal)
        return redirect("console:portal-domain", business=request.slug)
    custom_domain = domains.verify(custom_domain=custom_domain, staff=request.staff, now=timezone.now())
    if custom_domain.live_at:
        messages.success(request, _("%(domain)s shows your portal.") % {"domain": custom_domain.domain})
    return redirect("console:portal-domain", business=request.slug)


@membership_required("portal.edit", methods=("GET", "POST"))
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a domain up, after asking once."""
    custom_domain = _get_custom_domain(request, pk)
    if request.method != "POST":
        return render(request, "console/portal/release.html", {"custom_domain": custom_domain})
    domains.release(custom_domain=custom_domain, staff=request.staff, now=timezone.now())
    messages.success(request, _("Released."))
    return redirect("console:portal-domain", business=request.slug)


def portal_domains(request: HttpRequest) -> list[CustomDomain]:
    """Return the business's claims, each with the address its portal has there."""
    found = list(custom_domains.custom_domains_of(request.business))
    for custom_domain in found:
        custom_domain.url = hostnames.absolute_url(custom_domain.domain)
    return found


def _enough(request: HttpRequest, custom_domain: CustomDomain) -> str | None:
    """Return why not to look now; None where there is room. Every look asks name servers of others."""
    if not custom_domains.try_start_check(custom_domain=custom_domain, now=timezone.now()):
        return _("This domain was checked just now. Wait ten seconds.")
    if check_business_limit("domain-check", "DOMAIN_CHECKS_PER_BUSINESS", request):
        return _("Your domains were checked very often. We check them by ourselves every hour; you can again later.")
    return None


def _get_custom_domain(request: HttpRequest, pk: UUID) -> CustomDomain:
    return get_object_or_404(custom_domains.custom_domains_of(request.business), pk=pk)


def _page(request: HttpRequest, *, typed: str = "", refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "custom_domains": portal_domains(request),
        "typed": typed,
        "refusal": refusal,
        "target": settings.PLATFORM_HOST,
        "platform_url": hostnames.absolute_url(hostnames.portal_host_for(request.slug)),
    }
    return render(request, "console/portal/domain.html", context, status=status)
