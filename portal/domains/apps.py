"""The Django app of a portal's addresses, and what it adds elsewhere."""

from portal.domains.kinds import PortalAddressEvent
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import PortalOverviewCard, UrlInclude


class DomainsConfig(NounConfig):
    """Where a portal is found: its address, the QR code and mail that spread it, and custom domains."""

    name = "portal.domains"

    console_urls = (UrlInclude("portal/", "portal.domains.console_urls"),)
    business_api_urls = (
        UrlInclude("portal/address/", "api.portal_address.urls"),
        UrlInclude("portal/domains/", "api.custom_domains.urls"),
    )

    portal_overview_cards = (
        PortalOverviewCard(
            "console/domains/_url.html", "portal.domains.console.overview_cards.build_address_context", position=10
        ),
        PortalOverviewCard(
            "console/domains/_domains.html",
            "portal.domains.console.overview_cards.build_custom_domains_context",
            position=40,
        ),
    )

    event_types = PortalAddressEvent
    event_presenter = "portal.domains.presenters.PortalAddressEventPresenter"
