"""The configuration of the messaging app."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Mails and texts with their templates, chat messages, notifications and suppressions."""

    name = "portal.messaging"
    label = "messaging"
