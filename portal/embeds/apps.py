"""The Django app of a business's own websites, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.embeds.kinds import WebsiteEvent
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import NavItem, UrlInclude


class EmbedsConfig(NounConfig):
    """The websites that may show a business's forms, and those whose scripts may call its client API."""

    name = "portal.embeds"

    portal_urls = (UrlInclude("embed/", "portal.embeds.urls"),)
    console_urls = (UrlInclude("settings/embeds/", "portal.embeds.console_urls"),)
    business_api_urls = (UrlInclude("portal/websites/", "api.embeds.urls"),)
    settings_pages = (
        NavItem(
            label=_("Your website"),
            url_name="embeds",
            icon="window",
            permission="portal.edit",
            position=45,
            about=_("Show your forms on your own website."),
        ),
    )
    event_types = WebsiteEvent
    event_areas = {"websites": _("Your website")}
    event_presenter = "portal.embeds.presenters.WebsiteEventPresenter"
