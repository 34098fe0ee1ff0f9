"""The Django app of what all pages share, and what it adds elsewhere."""

from tenants.nouns.config import NounConfig
from tenants.nouns.declarations import UrlInclude


class UiConfig(NounConfig):
    """What all pages share: decorators, components, errors, colours and formats."""

    name = "portal.ui"

    portal_urls = (UrlInclude("", "portal.ui.urls"),)
