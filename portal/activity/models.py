"""The timeline of a business: one row per event, append-only."""

import uuid

from django.db import models
from django.db.models import Q

from tenants.nouns.querysets import DemoAwareQuerySet


class Entry(models.Model):
    """One event on the timeline, written in the transaction of the change that it reports.

    `data` says more about it, and never holds a code or a full address. `actor_id` is the key of
    the tenants.Person who acted. It is a plain value, because people live in another schema and an
    entry outlives them. A trigger refuses to change or delete an entry.
    """

    class Actor(models.TextChoices):
        CLIENT = "client"
        STAFF = "staff"
        SYSTEM = "system"
        PROVIDER = "provider"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    event_type = models.CharField(max_length=60)
    client = models.ForeignKey(
        "clients.Client", models.CASCADE, null=True, blank=True, related_name="entries", db_index=False
    )
    subject_id = models.UUIDField(null=True, blank=True)
    actor = models.CharField(max_length=8, choices=Actor, default=Actor.SYSTEM)
    actor_id = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=160, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    data = models.JSONField(default=dict)

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["client", "-at"], name="entry_of_client"),
            models.Index(fields=["subject_id", "at"], name="entry_of_subject"),
            models.Index(fields=["-at"], name="entry_at"),
            models.Index(fields=["-at", "-id"], condition=Q(actor="staff"), name="entry_of_staff"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.event_type}"
