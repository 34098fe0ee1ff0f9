"""The Django app of the client card in the console, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import CardTab, UrlInclude


class ClientCardsConfig(NounConfig):
    """The card of one client: its tabs, merging, and requests for personal data. It has no tables."""

    name = "portal.cards"

    console_urls = (UrlInclude("clients/", "portal.cards.console_urls"),)
    card_tabs = (
        CardTab(label=_("Overview"), url_name="client", permission="clients.view", position=10),
        CardTab(label=_("Timeline"), url_name="client-timeline", permission="clients.view", position=20),
        CardTab(
            label=_("Contact details"),
            url_name="client-contacts",
            permission="clients.view",
            position=30,
            count="portal.clients.services.suggestions.query_open_suggestions",
            needs_attention=True,
        ),
        CardTab(
            label=_("Notes"),
            url_name="client-notes",
            permission="clients.view",
            position=40,
            count="portal.cards.console.notes.list_notes",
        ),
        CardTab(
            label=_("Sessions"),
            url_name="client-sessions",
            permission="clients.view",
            position=50,
            count="portal.cards.console.sessions.query_active_sessions",
        ),
    )
