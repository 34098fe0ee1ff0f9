"""The Django app of portal settings, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.profile.kinds import PortalEvent
from tenants.nouns.config import NounConfig
from tenants.nouns.declarations import (
    EDITING_ROLES,
    EVERY_ROLE,
    MANAGING_ROLES,
    NavItem,
    Permission,
    PortalSection,
    UrlInclude,
)


class ProfileConfig(NounConfig):
    """A business's settings for its portal, and the clients' own details."""

    name = "portal.profile"

    permissions = (
        Permission("portal.view", EVERY_ROLE),
        Permission("portal.demo", EDITING_ROLES),
        Permission("portal.edit", MANAGING_ROLES),
        Permission("portal.impersonate", MANAGING_ROLES),
    )
    portal_urls = (UrlInclude("profile/", "portal.profile.urls"),)
    console_urls = (UrlInclude("portal/", "portal.profile.console_urls"),)
    nav_items = (
        NavItem(
            label=_("Client Portal"),
            url_name="portal",
            icon="building-storefront",
            permission="portal.view",
            position=70,
        ),
    )
    portal_sections = (
        PortalSection("contact", _("Your contact details"), build="portal.profile.sections.contact_section"),
        PortalSection("details", _("Client details"), build="portal.profile.sections.details_section"),
    )
    sign_in_links = ("portal.profile.sections.contact_link",)

    event_types = PortalEvent
    event_areas = {"portal": _("Client Portal")}
    event_presenter = "portal.profile.presenters.PortalEventPresenter"
    demo_business_seeder = "portal.profile.demo.seed_demo_business"
