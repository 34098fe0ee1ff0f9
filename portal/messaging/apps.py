"""The configuration of the messaging app."""

from django.utils.translation import gettext_lazy as _

from portal.messaging.kinds import MessagingEvent
from tenants.nouns.config import NounConfig


class MessagingConfig(NounConfig):
    """Mails and texts with their templates, chat messages, notifications and suppressions."""

    name = "portal.messaging"
    label = "messaging"

    event_types = MessagingEvent
    event_areas = {"messaging": _("Messages")}
    event_presenter = "portal.messaging.presenters.MessagingEventPresenter"
    personal_data = "portal.messaging.personal_data.POLICIES"
    purges = (
        "portal.messaging.purges.purge_void_messages",
        "portal.messaging.purges.purge_removed_suppressions",
        "portal.messaging.purges.purge_notifications",
    )

    demo_client_seeder = "portal.messaging.demo.seed_demo_client"
    demo_business_seeder = "portal.messaging.demo.seed_demo_business"
