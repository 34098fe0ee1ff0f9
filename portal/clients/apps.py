"""The Django app for a business's clients."""

from django.utils.translation import gettext_lazy as _

from portal.clients.kinds import ClientEvent
from tenants.nouns.config import NounConfig


class ClientsConfig(NounConfig):
    """Configures the app that holds clients, their contacts, tags, notes and uploads."""

    name = "portal.clients"
    label = "clients"

    event_types = ClientEvent
    event_areas = {"clients": _("Clients")}
    event_presenter = "portal.clients.presenters.ClientEventPresenter"
    personal_data = "portal.clients.personal_data.POLICIES"
    purges = (
        "portal.clients.purges.purge_unimported_uploads",
        "portal.clients.purges.purge_imported_rows",
    )

    demo_client_seeder = "portal.clients.demo.seed_demo_client"
    demo_business_seeder = "portal.clients.demo.seed_demo_business"
