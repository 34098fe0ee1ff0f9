"""What a client typed, as staff reported it to support when no client matched."""

import uuid

from django.db import models


class ReportedIdentifier(models.Model):
    """What a client says they typed, for one ticket; written by `tickets.open_support_ticket_without_client`.

    It stays in the business's schema, because the ticket is the platform's and has it masked. `value` is the normal
    form of `typed`, so that it can be found and deleted with the person it turns out to belong to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket_id = models.UUIDField(unique=True)
    typed = models.CharField(max_length=254)
    value = models.CharField(max_length=254, db_index=True)
    created_at = models.DateTimeField()

    def __str__(self):
        return f"reported identifier {self.id}"
