"""The Django app of impersonation, and what it adds elsewhere."""

from portal.impersonation.kinds import ImpersonationEvent
from tenants.nouns.config import NounConfig
from tenants.nouns.declarations import EDITING_ROLES, MANAGING_ROLES, Permission, UrlInclude


class ImpersonationConfig(NounConfig):
    """Staff viewing the portal as the demo client or as a real client."""

    name = "portal.impersonation"

    permissions = (Permission("portal.demo", EDITING_ROLES), Permission("portal.impersonate", MANAGING_ROLES))
    console_urls = (UrlInclude("portal/", "portal.impersonation.console_urls"),)

    event_types = ImpersonationEvent
