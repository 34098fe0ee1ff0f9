"""The configuration of the `profile` app."""

from django.utils.translation import gettext_lazy as _

from portal.profile.kinds import PortalEvent
from tenants.nouns.config import NounConfig


class ProfileConfig(NounConfig):
    """A business's settings for its portal, and the clients' own details."""

    name = "portal.profile"
    label = "profile"

    event_types = PortalEvent
    event_areas = {"portal": _("Client Portal")}
    event_presenter = "portal.profile.presenters.PortalEventPresenter"
    demo_business_seeder = "portal.profile.demo.seed_demo_business"
