"""The section that signing in adds to a client's home page."""

from datetime import datetime

from portal.access import services
from portal.branding.home_sections import HomeSectionContent
from portal.branding.models import PortalSettings
from portal.clients.models import Client

MAX_DEVICES = 3


def build_devices_home_section(client: Client, portal_settings: PortalSettings, now: datetime) -> HomeSectionContent:
    """Build the section with the client's active sessions, so that they notice one that is not theirs."""
    live = list(services.list_active_sessions(client, now=now)[: MAX_DEVICES + 1])
    context = {"sessions": live[:MAX_DEVICES], "has_more": len(live) > MAX_DEVICES}
    return HomeSectionContent("portal/access/_devices_card.html", context)
