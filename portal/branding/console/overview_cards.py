"""What the cards about branding and sign-in on the Client Portal page show."""

from typing import Any

from portal.branding.services import get_portal_settings
from tenants import hostnames
from tenants.staff.request_types import StaffRequest


def build_branding_context(request: StaffRequest) -> dict[str, Any]:
    """Return the settings that the card shows."""
    return {"portal_settings": get_portal_settings()}


def build_sign_in_context(request: StaffRequest) -> dict[str, Any]:
    """Return the channel of codes, and where the instructions for IT departments stand."""
    return {
        "default_channel": get_portal_settings().default_channel,
        "allow_list_url": build_allow_list_url(request.slug),
    }


def build_allow_list_url(slug: str) -> str:
    """Return the URL of the instructions that tell an IT department how to let codes through."""
    return hostnames.build_absolute_url(hostnames.build_portal_host(slug), "/sign-in/allow-list/")
