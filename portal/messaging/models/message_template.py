"""The mails and texts whose wording a business has replaced by its own."""

import uuid

from django.db import models

from tenants.models import Channel


class MessageTemplate(models.Model):
    """The business's own wording of one kind of mail or text in one language; without a row, the default is sent.

    Written by `portal.messaging.message_templates.services`. Placeholders such as `{business}` are filled in when the
    message is sent. A text has no subject.
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
            models.UniqueConstraint(fields=["kind", "language", "channel"], name="message_template_unique_per_channel")
        ]

    def __str__(self):
        return f"{self.kind} ({self.language})"

    @property
    def is_stored(self) -> bool:
        """Return whether there is a row, so that the default is not sent."""
        return not self._state.adding
