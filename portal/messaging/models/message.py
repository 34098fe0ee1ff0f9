"""The mails and texts that a business sends to its clients and staff, and the state of each."""

import uuid

from django.db import models

from tenants.models import Channel, DeliveryState
from tenants.nouns.querysets import DemoAwareManager


class Message(models.Model):
    """One mail or text to one address, written by `portal.messaging.services`. It never contains a code.

    `kind` is one that a noun declares. `to` is empty when there is nobody to send it to; such a message is never sent.
    `subject_id` is the key of the row it is about (a challenge, a session), `data` what its template needs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=8, choices=Channel)
    client = models.ForeignKey("clients.Client", models.CASCADE, null=True, blank=True, related_name="messages")
    to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict)
    state = models.PositiveSmallIntegerField(choices=DeliveryState, default=DeliveryState.QUEUED)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    objects = DemoAwareManager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "created_at"], name="message_subject"),
            models.Index(fields=["to", "created_at"], name="message_to"),
            models.Index(fields=["created_at"], name="message_created"),
        ]

    def __str__(self):
        return f"{self.kind} by {self.channel}"
