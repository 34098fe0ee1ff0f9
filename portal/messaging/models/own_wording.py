"""Which mails did the business put into words of its own?"""

import uuid

from django.db import models


class OwnWording(models.Model):
    """Subject and text of one kind of mail in one language, in the business's words; `{business}` and the like are filled in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=120)
    body = models.TextField(max_length=2_000)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="own_wording_once")]

    def __str__(self):
        return f"{self.kind} ({self.language})"
