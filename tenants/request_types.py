"""The types of requests whose host BusinessMiddleware has resolved."""

from django.http import HttpRequest

from tenants.hostnames import ResolvedHost
from tenants.models import Business


class HostRequest(HttpRequest):
    """A request to any host.

    On the platform host `resolved_host` is None, and so is `business` until a view sets it.
    """

    business: Business | None
    resolved_host: ResolvedHost | None


class PortalRequest(HostRequest):
    """A request to the portal of a business."""

    business: Business
    resolved_host: ResolvedHost
