"""The Note model: what staff write about a client."""

import uuid

from django.db import models

from portal.clients.models.client import Client
from tenants.nouns.querysets import DemoAwareQuerySet


class Note(models.Model):
    """A note that a member of staff wrote on a client card. The client never sees it.

    `author_id` is the key of a tenants.Person in another schema; the name is copied because it outlives the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="notes", db_index=False)
    body = models.TextField()
    author_id = models.UUIDField(null=True, blank=True)
    author_name = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "-created_at"], name="note_by_client")]

    def __str__(self):
        return self.body[:60]
