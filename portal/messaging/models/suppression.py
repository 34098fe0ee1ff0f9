"""The email addresses and phone numbers to which a provider refuses to send."""

import uuid

from django.db import models
from django.db.models import Q

from tenants.models import Channel


class Suppression(models.Model):
    """An address that a provider refuses: mail bounced, somebody complained or replied STOP.

    Written by `portal.messaging.suppressions`. `sender` is the number or messaging service to which somebody replied
    STOP; it is empty where the provider refuses the address whoever sends. A suppression is active until `removed_at`
    is set. The three fields
    `removal_requested_…` say when and by which member of staff its removal at the provider was requested.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    value = models.CharField(max_length=254)
    channel = models.CharField(max_length=8, choices=Channel)
    provider = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=40)
    sender = models.CharField(max_length=40, blank=True, default="", db_default="")
    since = models.DateTimeField()
    removal_requested_at = models.DateTimeField(null=True, blank=True)
    removal_requested_by_id = models.UUIDField(null=True, blank=True)
    removal_requested_by = models.CharField(max_length=160, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["value", "channel", "sender"], condition=Q(removed_at=None), name="suppressed_once_per_sender"
            ),
        ]

    def __str__(self):
        return f"{self.channel} suppressed: {self.reason}"
