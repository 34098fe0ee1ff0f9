"""The kinds of timeline events about API keys, and of emails to staff."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApiKeyEvent(TextChoices):
    """A key was made, replaced or revoked."""

    CREATED = "api-keys.created", _("Created an API key")
    REPLACED = "api-keys.replaced", _("Replaced an API key")
    REVOKED = "api-keys.revoked", _("Revoked an API key")


class ApiKeyEmail(TextChoices):
    """An email from the platform to owners; each is a folder in templates/messages/."""

    CREATED = "staff-api-key"
