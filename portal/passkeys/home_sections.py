"""The offer of a passkey on a client's home page."""

from datetime import datetime

from portal.branding.home_sections import HomeSectionContent
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from portal.passkeys import services


def build_passkey_offer(client: Client, portal_settings: PortalSettings, now: datetime) -> HomeSectionContent | None:
    """Build the offer until the client has a passkey or dismisses it."""
    return HomeSectionContent("portal/passkeys/_offer.html") if services.is_offered(client) else None
