"""Which app is this?"""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Messages, their wording and what became of them."""

    name = "portal.messaging"
    label = "messaging"
