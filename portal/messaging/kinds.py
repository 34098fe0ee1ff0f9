"""The kinds of timeline events about messages, and of messages and notifications about conversations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessagingEvent(TextChoices):
    """What became of a mail or text, a chat message, or a change to what is sent and to whom."""

    ACCEPTED = "messaging.accepted", _("Accepted by the provider")
    DEFERRED = "messaging.deferred", _("Delayed by the receiving server")
    DELIVERED = "messaging.delivered", _("Delivered to the receiving server")
    BOUNCED = "messaging.bounced", _("Not delivered")
    FAILED = "messaging.failed", _("Could not be sent")
    EXPIRED = "messaging.expired", _("Not sent in time")
    POSTPONED = "messaging.postponed", _("Waiting for the provider")
    UNCLEAR = "messaging.unclear", _("The provider did not respond")
    CHAT_MESSAGE_SENT = "messaging.chat-message-sent", _("Message sent")
    TEMPLATE_CHANGED = "messaging.template-changed", _("Message template changed")
    TEMPLATE_RESET = "messaging.template-reset", _("Message template reset")
    SUPPRESSION_REMOVAL_REQUESTED = (
        "messaging.suppression-removal-requested",
        _("Asked the provider to remove a suppression"),
    )
    SUPPRESSION_REMOVED = "messaging.suppression-removed", _("Suppression removed by the provider")


class ConversationMailKind(TextChoices):
    """A mail to a client about their conversation; each is a folder in templates/messages/."""

    NEW_MESSAGE = "new-message"


class NotificationMailKind(TextChoices):
    """A mail to staff about a notification; each is a folder in templates/messages/."""

    STAFF_NOTIFICATION = "staff-notification"


class JobNotification(TextChoices):
    """A notification for staff about work in the background."""

    STOPPED = "job-stopped"


class ConversationNotification(TextChoices):
    """A notification for staff about a conversation."""

    NEW_MESSAGE = "new-message"
