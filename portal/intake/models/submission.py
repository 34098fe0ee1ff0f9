"""What did somebody type into the contact form, and who turned out to have written it?"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.clients.querysets import DemoAwareQuerySet


class SubmissionQuerySet(DemoAwareQuerySet):
    """Chainable questions about what came by the contact form."""

    def waiting(self):
        """Return what nobody has matched with the client list yet."""
        return self.filter(settled_at=None)

    def unread(self):
        """Return what staff have not read yet."""
        return self.filter(read_at=None)


class Submission(models.Model):
    """One contact form as it was sent. What was typed never changes.

    The page that takes it in looks nobody up: `settled_at` stays empty until a worker has. `ticket`
    is the form's own, so that the same form sent twice counts once. `custom` holds answers by the
    keys of the business's own fields. `network_digest` tells senders apart without saying where they are.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Being looked up")
        NEW = "new", _("New client")
        KNOWN = "known", _("On your list already")
        UNCLEAR = "unclear", _("Fits several clients")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.UUIDField(unique=True)
    client = models.ForeignKey("clients.Client", models.CASCADE, null=True, blank=True, related_name="submissions")
    name = models.CharField(max_length=160)
    email = models.CharField(max_length=254, blank=True)
    mobile = models.CharField(max_length=16, blank=True)
    message = models.TextField(blank=True)
    custom = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=8, blank=True)
    network_digest = models.BinaryField(max_length=32)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    reader_name = models.CharField(max_length=160, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="submission_newest"),
            models.Index(fields=["-received_at"], condition=models.Q(read_at=None), name="submission_unread"),
            models.Index(fields=["received_at"], condition=models.Q(settled_at=None), name="submission_waiting"),
        ]

    def __str__(self):
        return f"{self.name}, {self.received_at:%Y-%m-%d}"
