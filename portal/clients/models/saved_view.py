"""The SavedView model: a saved search of the client list."""

import uuid

from django.db import models
from django.db.models.functions import Lower

MAX_VIEW_NAME_LENGTH = 60


class SavedView(models.Model):
    """A query string of the client list, saved by staff under a name; shared with everybody if `person_id` is empty."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=MAX_VIEW_NAME_LENGTH)
    person_id = models.UUIDField(null=True, blank=True)
    query = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint("person_id", Lower("name"), nulls_distinct=False, name="saved_view_name_unique")
        ]

    def __str__(self):
        return self.name
