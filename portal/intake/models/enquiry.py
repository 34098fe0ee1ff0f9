"""Enquiries sent by the contact form, and the clients they were matched with."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.nouns.querysets import DemoAwareQuerySet


class EnquiryQuerySet(DemoAwareQuerySet):
    """Chainable filters for enquiries."""

    def awaiting_match(self):
        """Return enquiries that are not matched with the client list yet."""
        return self.filter(processed_at=None)

    def unread(self):
        """Return enquiries that staff have not read yet."""
        return self.filter(read_at=None)


class Enquiry(models.Model):
    """One contact form as it was sent; written by `services.receive_enquiry`. What was typed never changes.

    A worker matches it with the client list later: `processed_at` is empty until then. `idempotency_key` comes from the
    form's token, so that the same form sent twice counts once. `custom` holds answers by the ids of the business's
    custom fields. `network_digest` tells senders apart without saying where they are.
    """

    class MatchResult(models.TextChoices):
        """What came of matching an enquiry with the client list."""

        PENDING = "pending", _("Matching in progress")
        NEW = "new", _("New client")
        KNOWN = "known", _("Existing client")
        AMBIGUOUS = "ambiguous", _("Matches several clients")
        FAILED = "failed", _("Could not be matched")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    idempotency_key = models.UUIDField(unique=True)
    client = models.ForeignKey("clients.Client", models.CASCADE, null=True, blank=True, related_name="enquiries")
    name = models.CharField(max_length=160)
    email = models.CharField(max_length=254, blank=True)
    mobile = models.CharField(max_length=16, blank=True)
    message = models.TextField(blank=True)
    custom = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=8, blank=True)
    network_digest = models.BinaryField(max_length=32)
    match_result = models.CharField(max_length=9, choices=MatchResult, default=MatchResult.PENDING)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    reader_name = models.CharField(max_length=160, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="enquiry_newest"),
            models.Index(fields=["-received_at"], condition=models.Q(read_at=None), name="enquiry_unread"),
            models.Index(fields=["received_at"], condition=models.Q(processed_at=None), name="enquiry_pending"),
        ]

    def __str__(self):
        return f"{self.name}, {self.received_at:%Y-%m-%d}"

    @property
    def is_read(self):
        """Tell whether a member of staff has read it."""
        return self.read_at is not None
