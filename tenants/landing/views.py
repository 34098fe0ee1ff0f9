"""The landing page on the platform's own host."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tenants import hostnames
from tenants.models import BusinessStatus, PortalHostname


@require_safe
def show_landing(request: HttpRequest) -> HttpResponse:
    """Describe Portico; in the demo, list the portals and the accounts to try as well."""
    return render(request, "platform/landing.html", {"portals": _list_demo_portals() if settings.DEMO else []})


def _list_demo_portals() -> list[dict[str, str]]:
    """Return the names and URLs of the demo's portals; a real platform never lists its businesses."""
    current = PortalHostname.objects.filter(is_current=True, slug__isnull=False, business__status=BusinessStatus.ACTIVE)
    return [
        {
            "name": hostname.business.name,
            "url": hostnames.build_absolute_url(f"{hostname.slug}.{settings.PORTAL_DOMAIN}"),
        }
        for hostname in current.select_related("business").order_by("business__name")[:12]
    ]
