"""Which mails and texts did the business put into words of its own?"""

import uuid

from django.db import models

from tenants.models import Channel


class OwnWording(models.Model):
    """One kind of mail or text in one language, in the business's words; `{business}` and the like are filled in.

    A text message has no subject.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL, db_default=Channel.EMAIL.value)
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField(max_length=2_000)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "language", "channel"], name="own_wording_once_per_channel")
        ]

    def __str__(self):
        return f"{self.kind} ({self.language})"
