"""The Django app of a portal's addresses, and what it adds elsewhere."""

from portal.domains.kinds import DomainEvent
from tenants.nouns.config import NounConfig
from tenants.nouns.declarations import UrlInclude


class DomainsConfig(NounConfig):
    """Where a portal is found: its address, the QR code and mail that spread it, and custom domains."""

    name = "portal.domains"

    console_urls = (UrlInclude("portal/", "portal.domains.console_urls"),)

    event_types = DomainEvent
    event_presenter = "portal.domains.presenters.DomainEventPresenter"
