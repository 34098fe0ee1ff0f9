"""The kinds of timeline events, notifications and emails about programs that a business has connected."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IntegrationEvent(TextChoices):
    """Something that happened to the endpoint of a webhook."""

    WEBHOOK_ADDED = "integrations.webhook-added", _("Webhook added")
    WEBHOOK_CHANGED = "integrations.webhook-changed", _("Webhook changed")
    WEBHOOK_REMOVED = "integrations.webhook-removed", _("Webhook removed")
    WEBHOOK_SECRET_SHOWN = "integrations.webhook-secret-shown", _("Secret of a webhook shown")
    WEBHOOK_SECRET_REPLACED = "integrations.webhook-secret-replaced", _("Secret of a webhook replaced")
    WEBHOOK_DISABLED = "integrations.webhook-disabled", _("Webhook switched off because it failed")


class IntegrationNotification(TextChoices):
    """A notification for staff about a connected program."""

    WEBHOOK_DISABLED = "webhook-disabled"


class IntegrationEmail(TextChoices):
    """An email from the platform to owners; each is a folder in templates/messages/."""

    WEBHOOK = "staff-webhook"
