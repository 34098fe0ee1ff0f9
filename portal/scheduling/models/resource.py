"""Rooms and equipment that appointments need."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceKind(models.TextChoices):
    """Of its rooms a service needs any one, of its equipment every piece."""

    ROOM = "room", _("Room")
    EQUIPMENT = "equipment", _("Equipment")


class Resource(models.Model):
    """A room or a piece of equipment, which one appointment uses at a time; written by staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=ResourceKind, default=ResourceKind.ROOM)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")

    def __str__(self):
        return self.name
