"""The Django app of how a business's portal looks, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.branding.kinds import BrandingEvent
from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import (
    EVERY_ROLE,
    MANAGING_ROLES,
    NavItem,
    Permission,
    PortalOverviewCard,
    PortalSection,
    UrlInclude,
)


class BrandingConfig(NounConfig):
    """A business's settings for its portal: appearance, texts, languages, sections and sign-in."""

    name = "portal.branding"

    permissions = (Permission("portal.view", EVERY_ROLE), Permission("portal.edit", MANAGING_ROLES))
    portal_urls = (UrlInclude("", "portal.branding.urls"),)
    console_urls = (UrlInclude("portal/", "portal.branding.console_urls"),)
    business_api_urls = (UrlInclude("portal/", "api.portal_settings.urls"),)
    api_scopes = (
        ApiScope("portal:read", _("Read the portal’s settings"), ("portal.view",)),
        ApiScope("portal:write", _("Change the portal’s settings, address and domains"), ("portal.edit",)),
    )
    nav_items = (
        NavItem(
            label=_("Client Portal"),
            url_name="portal",
            icon="building-storefront",
            permission="portal.view",
            position=70,
        ),
    )
    portal_overview_cards = (
        PortalOverviewCard(
            "console/branding/_branding.html",
            "portal.branding.console.overview_cards.build_branding_context",
            position=30,
        ),
        PortalOverviewCard(
            "console/branding/_sign_in.html",
            "portal.branding.console.overview_cards.build_sign_in_context",
            position=50,
        ),
    )
    context_processors = ("portal.branding.context_processors.branding_context",)
    portal_sections = (
        PortalSection(
            "contact",
            _("Your contact details"),
            build="portal.branding.business_contact_details.build_contact_home_section",
            position=80,
        ),
    )
    sign_in_page_links = ("portal.branding.business_contact_details.build_business_contact_link",)

    message_variables = {"portal_settings": "portal.branding.services.get_cached_portal_settings"}

    event_types = BrandingEvent
    event_areas = {"portal": _("Client Portal")}
    event_presenter = "portal.branding.presenters.BrandingEventPresenter"
    demo_business_seeder = "portal.branding.demo.seed_demo_business"
