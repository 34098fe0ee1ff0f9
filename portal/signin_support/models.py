"""What did somebody type whom nobody on file fits, as staff told support?"""

import uuid

from django.db import models


class Riddle(models.Model):
    """What a client says they typed, for one ticket. It stays here: the ticket is the platform's and has it masked.

    `value` is its normal form, so that it is found and forgotten with the person it belongs to after all.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket_id = models.UUIDField(unique=True)
    typed = models.CharField(max_length=254)
    value = models.CharField(max_length=254, db_index=True)
    created_at = models.DateTimeField()

    def __str__(self):
        return f"riddle {self.id}"
