"""The Django app of what all pages share, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from tenants.nouns.config import NounConfig
from tenants.nouns.declarations import EVERY_ROLE, MANAGING_ROLES, NavItem, Permission, UrlInclude


class UiConfig(NounConfig):
    """What all pages share: decorators, cards, errors, colours and translations."""

    name = "portal.ui"

    permissions = (Permission("home.view", EVERY_ROLE), Permission("settings.edit", MANAGING_ROLES))
    portal_urls = (UrlInclude("", "portal.ui.urls"),)
    console_urls = (UrlInclude("", "portal.ui.console_urls"),)
    nav_items = (
        NavItem(label=_("Home"), url_name="home", icon="home", permission="home.view", position=0),
        NavItem(label=_("Settings"), url_name="settings", icon="cog-6-tooth", permission="home.view", position=90),
    )
