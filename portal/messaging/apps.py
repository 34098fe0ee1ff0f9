"""The configuration of the messaging app."""

from tenants.nouns.config import NounConfig


class MessagingConfig(NounConfig):
    """Mails and texts with their templates, chat messages, notifications and suppressions."""

    name = "portal.messaging"
    label = "messaging"

    personal_data = "portal.messaging.personal_data.POLICIES"
    purges = (
        "portal.messaging.purges.purge_void_messages",
        "portal.messaging.purges.purge_removed_suppressions",
        "portal.messaging.purges.purge_notifications",
    )

    demo_client_seeder = "portal.messaging.demo.seed_demo_client"
    demo_business_seeder = "portal.messaging.demo.seed_demo_business"
