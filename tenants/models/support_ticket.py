"""Support tickets of businesses."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketResolution(models.TextChoices):
    """How a ticket ended, as one of a few choices."""

    SIGNED_IN = "signed-in", _("The client could sign in")
    RESOLVED = "resolved", _("We found the cause ourselves")
    OPENED_IN_ERROR = "opened-in-error", _("Opened by mistake")
    CLOSED_BY_SUPPORT = "by-support", _("Closed by support")


class TicketState(models.TextChoices):
    """Whether support still works on a ticket."""

    OPEN = "open"
    CLOSED = "closed"


class SupportTicket(models.Model):
    """One ticket with the platform's support, with what its author saw when opening it. Sign-in support writes it.

    `snapshot` holds neither addresses nor codes: operators see what happened, not to whom.
    `client_id` is the key of a client in the business's own schema. `answer` is support's text. The resolution is
    one of a few choices, so that no personal data gets here with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="tickets")
    opened_by = models.ForeignKey("tenants.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=160)
    client_id = models.UUIDField(null=True, blank=True)
    snapshot = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=TicketState, default=TicketState.OPEN)
    opened_at = models.DateTimeField()
    answer = models.TextField(blank=True, default="", db_default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=16, choices=TicketResolution, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["business", "client_id", "-opened_at"], name="ticket_client"),
            models.Index(fields=["state", "opened_at"], name="ticket_state"),
        ]

    def __str__(self):
        return self.subject
