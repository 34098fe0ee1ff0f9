"""What have businesses asked the platform's support?"""

import uuid

from django.db import models


class Ticket(models.Model):
    """One call for help, with what the business saw when it called.

    `snapshot` holds neither addresses nor codes: operators see what happened, not to whom.
    `about_id` is the key of a client in the business's own schema, a plain value.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="tickets")
    opened_by = models.ForeignKey("tenants.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=160)
    about_id = models.UUIDField(null=True, blank=True)
    snapshot = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["business", "about_id", "-opened_at"], name="ticket_about"),
            models.Index(fields=["state", "opened_at"], name="ticket_state"),
        ]

    def __str__(self):
        return self.subject
