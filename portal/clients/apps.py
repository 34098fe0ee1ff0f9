"""The Django app for a business's clients."""

from tenants.nouns.config import NounConfig


class ClientsConfig(NounConfig):
    """Configures the app that holds clients, their contacts, tags, notes and uploads."""

    name = "portal.clients"
    label = "clients"

    personal_data = "portal.clients.personal_data.POLICIES"
    purges = (
        "portal.clients.purges.purge_unimported_uploads",
        "portal.clients.purges.purge_imported_rows",
    )

    demo_client_seeder = "portal.clients.demo.seed_demo_client"
    demo_business_seeder = "portal.clients.demo.seed_demo_business"
