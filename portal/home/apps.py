"""The Django app of the home pages, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import EVERY_ROLE, MANAGING_ROLES, NavItem, Permission, PortalNavItem, UrlInclude


class HomeConfig(NounConfig):
    """The home pages of portal and console, and the list of settings. It has no tables."""

    name = "portal.home"

    permissions = (Permission("home.view", EVERY_ROLE), Permission("settings.edit", MANAGING_ROLES))
    portal_urls = (UrlInclude("", "portal.home.urls"),)
    console_urls = (UrlInclude("", "portal.home.console_urls"),)
    portal_nav_items = (PortalNavItem(_("Home"), url_name="home:home", position=0),)
    nav_items = (
        NavItem(label=_("Home"), url_name="home", icon="home", permission="home.view", position=0),
        NavItem(label=_("Settings"), url_name="settings", icon="cog-6-tooth", permission="home.view", position=90),
    )
