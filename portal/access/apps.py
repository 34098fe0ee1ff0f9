"""The Django app of signing in, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.access.kinds import AccessEvent
from tenants.nouns.config import NounConfig
from tenants.nouns.declarations import PortalSection, UrlInclude


class AccessConfig(NounConfig):
    """Challenges, codes, client sessions and impersonation sessions."""

    name = "portal.access"

    portal_urls = (UrlInclude("", "portal.access.urls"),)
    portal_sections = (
        PortalSection("devices", _("Devices of the client"), build="portal.access.sections.devices_section"),
    )

    event_types = AccessEvent
    event_areas = {"access": _("Sign-in")}
    event_presenter = "portal.access.presenters.AccessEventPresenter"
    personal_data = "portal.access.personal_data.POLICIES"
    purges = (
        "portal.access.purges.purge_challenges",
        "portal.access.purges.purge_expired_browsers",
        "portal.access.purges.purge_impersonation_sessions",
    )

    demo_client_seeder = "portal.access.demo.seed_demo_client"
    demo_business_seeder = "portal.access.demo.seed_demo_business"
