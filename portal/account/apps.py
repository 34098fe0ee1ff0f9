"""The Django app of a client's own account, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import PortalNavItem, PortalSection, UrlInclude


class ClientAccountConfig(NounConfig):
    """The pages where clients see and change their own data."""

    name = "portal.account"
    # "account" is the label of allauth's app, which signs staff in.
    label = "client_account"

    portal_urls = (UrlInclude("account/", "portal.account.urls"),)
    client_api_urls = (UrlInclude("me/", "api.portal.account.urls"),)
    portal_nav_items = (PortalNavItem(_("Your details"), url_name="account:details", position=80),)
    portal_sections = (
        PortalSection(
            "details", _("Client details"), build="portal.account.home_sections.build_details_home_section", position=70
        ),
    )
