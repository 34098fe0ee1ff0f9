"""What was typed that does not agree with the client list?"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.clients.models.client import Client
from portal.clients.real import RealQuerySet


class Suggestion(models.Model):
    """Something a form or an upload said about a client, which waits for staff. No card changes by itself.

    `typed` is the whole of what was typed. Two hits belong to nobody: `client` is empty, and
    `typed["clients"]` names the cards that were hit.
    """

    class Kind(models.TextChoices):
        NAME = "name", _("Another name")
        EMAIL = "email", _("Another email address")
        PHONE = "phone", _("Another phone number")
        TWO_HITS = "two-hits", _("Several clients have this address")

    class Resolution(models.TextChoices):
        TAKEN = "taken", _("Taken over")
        DISMISSED = "dismissed", _("Dismissed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, null=True, blank=True, related_name="suggestions")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=254, blank=True)
    typed = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=16, choices=Client.Source)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution = models.CharField(max_length=9, choices=Resolution, blank=True)

    objects = RealQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "-created_at"], name="suggestion_of_client")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind", "value"], condition=Q(resolved_at=None), name="suggestion_waits_once"
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.value}"
