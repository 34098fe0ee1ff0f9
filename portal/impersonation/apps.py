"""The Django app of impersonation, and what it adds elsewhere."""

from portal.impersonation.kinds import ImpersonationEvent
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import EDITING_ROLES, MANAGING_ROLES, Permission, PortalOverviewCard, UrlInclude


class ImpersonationConfig(NounConfig):
    """Staff viewing the portal as the demo client or as a real client."""

    name = "portal.impersonation"

    permissions = (Permission("portal.demo", EDITING_ROLES), Permission("portal.impersonate", MANAGING_ROLES))
    console_urls = (UrlInclude("portal/", "portal.impersonation.console_urls"),)

    portal_overview_cards = (
        PortalOverviewCard(
            "console/impersonation/_demo.html",
            action_template="console/impersonation/_demo_button.html",
            position=20,
        ),
    )

    personal_data = "portal.impersonation.personal_data.POLICIES"

    event_types = ImpersonationEvent
    event_presenter = "portal.impersonation.presenters.ImpersonationEventPresenter"
