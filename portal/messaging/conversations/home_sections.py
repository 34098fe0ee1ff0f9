"""The section about messages on the client's home page."""

from datetime import datetime

from portal.branding.home_sections import HomeSectionContent
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from portal.messaging.conversations.services import query_chat_messages
from portal.messaging.models import ChatMessageSender


def build_messages_home_section(client: Client, portal_settings: PortalSettings, now: datetime) -> HomeSectionContent:
    """Show the latest message, and whether the client has read it."""
    latest = query_chat_messages(client).first()
    is_new = bool(latest and latest.sender == ChatMessageSender.STAFF and latest.read_at is None)
    context = {"latest": latest, "is_new": is_new}
    return HomeSectionContent("portal/messages/_card.html", context, is_urgent=is_new)
