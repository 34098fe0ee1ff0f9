"""The section of a client's home page with their own data."""

from datetime import datetime

from portal.branding.home_sections import HomeSectionContent
from portal.branding.models import PortalSettings
from portal.clients.models import Client


def build_details_home_section(client: Client, portal_settings: PortalSettings, now: datetime) -> HomeSectionContent:
    """Return the section with the client's contact data, which they also sign in with."""
    contacts = list(client.contacts.order_by("kind", "created_at"))
    return HomeSectionContent("portal/account/_details_section.html", {"contacts": contacts})
