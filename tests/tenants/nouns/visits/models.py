"""The visits of clients."""

import uuid

from django.db import models

from tenants.nouns.querysets import DemoAwareManager


class Visit(models.Model):
    """One visit of a client to a room."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="visits")
    room = models.CharField(max_length=40)
    is_closed = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = DemoAwareManager()

    def __str__(self):
        return self.room
