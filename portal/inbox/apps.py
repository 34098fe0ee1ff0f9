"""The Django app of the inbox in the console, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import CardTab, NavItem, UrlInclude


class InboxConfig(NounConfig):
    """The conversations of all clients, for staff. It has no tables."""

    name = "portal.inbox"

    console_urls = (UrlInclude("messages/", "portal.inbox.console_urls"),)
    nav_items = (
        NavItem(
            label=_("Messages"),
            url_name="messages",
            icon="chat-bubble-left-right",
            permission="messages.view",
            position=50,
        ),
    )
    card_tabs = (
        CardTab(
            label=_("Messages"),
            url_name="conversation",
            permission="messages.view",
            position=25,
            count="portal.messaging.conversations.services.query_unread_from_client",
            needs_attention=True,
        ),
    )
