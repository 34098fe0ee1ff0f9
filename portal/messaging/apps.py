"""The Django app of messages, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.messaging.kinds import MessagingEvent
from tenants.nouns.config import NounConfig
from tenants.nouns.declarations import (
    EDITING_ROLES,
    EVERY_ROLE,
    MANAGING_ROLES,
    NavItem,
    Permission,
    PortalSection,
    UrlInclude,
)


class MessagingConfig(NounConfig):
    """Mails and texts with their templates, chat messages, notifications and suppressions."""

    name = "portal.messaging"

    permissions = (
        Permission("messages.view", EVERY_ROLE),
        Permission("messages.send", EDITING_ROLES),
        Permission("templates.edit", MANAGING_ROLES),
    )
    portal_urls = (UrlInclude("messages/", "portal.messaging.conversations.urls"),)
    console_urls = (
        UrlInclude("", "portal.messaging.notifications.console_urls"),
        UrlInclude("settings/message-templates/", "portal.messaging.message_templates.console_urls"),
    )
    settings_pages = (
        NavItem(
            label=_("Message templates"),
            url_name="message-templates",
            icon="envelope",
            permission="messages.view",
            position=40,
            about=_("The emails and text messages that the portal sends in your name."),
        ),
        NavItem(
            label=_("Notifications"),
            url_name="notification-preferences",
            icon="bell",
            permission="home.view",
            position=80,
            about=_("Choose what you are notified of in the console and by email."),
        ),
    )
    portal_sections = (
        PortalSection("messages", _("Messages"), build="portal.messaging.conversations.sections.messages_section"),
    )

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
