"""What the cards about the portal's address and custom domains on the Client Portal page show."""

from typing import Any

from portal.domains.custom_domain_status import build_status
from tenants import hostnames
from tenants.domains import custom_domains
from tenants.staff.request_types import StaffRequest


def build_address_context(request: StaffRequest) -> dict[str, Any]:
    """Return the portal's URL."""
    return {"url": hostnames.build_absolute_url(hostnames.build_portal_host(request.slug))}


def build_custom_domains_context(request: StaffRequest) -> dict[str, Any]:
    """Return the custom domains, each with its state."""
    return {"custom_domains": [build_status(each) for each in custom_domains.list_custom_domains(request.business)]}
