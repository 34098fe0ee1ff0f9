"""The Django app of messages, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.messaging.kinds import (
    ConversationMailKind,
    ConversationNotification,
    JobNotification,
    MessagingEvent,
    NotificationMailKind,
)
from tenants.nouns.api_declarations import ApiScope, WebhookEventType
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import (
    EDITING_ROLES,
    EVERY_ROLE,
    MANAGING_ROLES,
    ConsoleTool,
    NavItem,
    Permission,
    PortalNavItem,
    PortalSection,
    UrlInclude,
)
from tenants.nouns.message_declarations import MessageKind, NotificationKind, Placeholder
from tenants.nouns.platform_events import PlatformEvent


class MessagingConfig(NounConfig):
    """Mails and texts with their templates, chat messages, notifications and suppressions."""

    name = "portal.messaging"

    permissions = (
        Permission("messages.view", EVERY_ROLE),
        Permission("messages.send", EDITING_ROLES),
        Permission("templates.edit", MANAGING_ROLES),
    )
    portal_urls = (UrlInclude("messages/", "portal.messaging.conversations.urls"),)
    client_api_urls = (UrlInclude("messages/", "api.portal.messages.urls"),)
    console_urls = (
        UrlInclude("", "portal.messaging.notifications.console_urls"),
        UrlInclude("settings/message-templates/", "portal.messaging.message_templates.console_urls"),
    )
    business_api_urls = (
        UrlInclude("notifications/", "api.notifications.urls"),
        UrlInclude("message-templates/", "api.message_templates.urls"),
        UrlInclude("messages/", "api.messages.urls"),
        UrlInclude("conversations/", "api.conversations.urls"),
    )
    api_scopes = (
        ApiScope("messages:read", _("Read messages and what became of them"), ("messages.view",)),
        ApiScope("message-templates:write", _("Write message templates"), ("templates.edit",)),
        ApiScope("notifications:use", _("Read your notifications and choose how you get them"), ("home.view",)),
        ApiScope("messages:send", _("Write to clients"), ("messages.send",)),
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
    context_processors = ("portal.messaging.notifications.context_processors.unread_notifications",)
    console_tools = (ConsoleTool("console/notifications/_menu.html", position=30),)
    portal_nav_items = (
        PortalNavItem(
            _("Messages"), url_name="messages:conversation", fragment="write", section="messages", position=10
        ),
    )
    portal_sections = (
        PortalSection(
            "messages",
            _("Messages"),
            build="portal.messaging.conversations.home_sections.build_messages_home_section",
            position=60,
        ),
    )

    webhook_events = (
        WebhookEventType(
            "message.created",
            _("A client or your team wrote a message"),
            (MessagingEvent.CHAT_MESSAGE_SENT,),
            "portal.messaging.webhook_data.build_chat_messages",
        ),
        WebhookEventType(
            "delivery.bounced",
            _("An email or text came back"),
            (MessagingEvent.BOUNCED,),
            "portal.messaging.webhook_data.build_failed_deliveries",
        ),
        WebhookEventType(
            "delivery.failed",
            _("An email or text could not be sent, for example to a suppressed address"),
            (MessagingEvent.FAILED,),
            "portal.messaging.webhook_data.build_failed_deliveries",
        ),
    )

    event_types = MessagingEvent
    event_areas = {"messaging": _("Messages")}
    non_personal_event_keys = ("channel", "kind", "provider", "reason", "matched_by")
    event_presenter = "portal.messaging.presenters.MessagingEventPresenter"
    routine_event_types = (
        MessagingEvent.ACCEPTED,
        MessagingEvent.DEFERRED,
        MessagingEvent.DELIVERED,
        MessagingEvent.POSTPONED,
        MessagingEvent.UNCLEAR,
    )

    message_kinds = (
        MessageKind(
            ConversationMailKind.NEW_MESSAGE,
            label=_("You sent a client a message"),
            placeholders=(
                Placeholder(
                    "messages",
                    _("the address of the messages in your portal"),
                    value="portal.messaging.message_templates.placeholder_values.conversation_url",
                    is_link=True,
                ),
                Placeholder("count", _("number of unread messages"), sample=2),
            ),
            build_context="portal.messaging.conversations.services.build_mail_context",
            position=200,
        ),
        MessageKind(
            NotificationMailKind.STAFF_NOTIFICATION,
            is_to_staff=True,
            build_context="portal.messaging.notifications.services.build_mail_context",
            position=200,
        ),
    )
    notification_kinds = (
        NotificationKind(
            ConversationNotification.NEW_MESSAGE,
            _("New message"),
            permission="messages.view",
            is_obsolete="portal.messaging.conversations.services.is_read_by_staff",
            position=10,
        ),
        NotificationKind(JobNotification.STOPPED, _("Can’t be processed"), permission="uploads.run", position=90),
    )

    personal_data = "portal.messaging.personal_data.POLICIES"
    purges = (
        "portal.messaging.purges.purge_void_messages",
        "portal.messaging.purges.purge_removed_suppressions",
        "portal.messaging.purges.purge_notifications",
    )

    event_handlers = {
        PlatformEvent.JOB_STOPPED: "portal.messaging.notifications.services.notify_of_stopped_job",
        PlatformEvent.MEMBER_REMOVED: "portal.messaging.notifications.services.delete_notifications_of_member",
    }

    demo_client_seeder = "portal.messaging.demo.seed_demo_client"
    demo_business_seeder = "portal.messaging.demo.seed_demo_business"
