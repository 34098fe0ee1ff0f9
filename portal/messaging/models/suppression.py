"""Which addresses does a provider no longer send to?"""

import uuid

from django.db import models
from django.db.models import Q

from tenants.models import Channel


class Suppression(models.Model):
    """An address that a provider refuses: mail bounced, somebody complained or replied STOP. It stands until cleared.

    `asked_at` says since when a worker owes the clearing, and the two fields beside it to whom.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    value = models.CharField(max_length=254)
    channel = models.CharField(max_length=8, choices=Channel)
    provider = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=40)
    since = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by_id = models.UUIDField(null=True, blank=True)
    asked_by = models.CharField(max_length=160, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["value", "channel"], condition=Q(cleared_at=None), name="suppressed_once"),
        ]

    def __str__(self):
        return f"{self.channel} suppressed: {self.reason}"
