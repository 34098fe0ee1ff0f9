"""The models of webhooks: endpoints, the events that are sent to them, and each attempt."""

import uuid
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.nouns.querysets import DemoAwareQuerySet

MAX_URL_LENGTH = 500
# How much of an answer is kept.
MAX_ANSWER_LENGTH = 4_000


class DisabledReason(models.TextChoices):
    """Why nothing is sent to an endpoint."""

    STAFF = "staff", _("Switched off by your team")
    GONE = "gone", _("The receiver answered that it is gone (410)")
    FAILING = "failing", _("It had failed for three days")


class WebhookEndpoint(models.Model):
    """A URL of the business that events are sent to.

    `event_types` are those of webhooks, and empty for all; `timeline_types` are those of the timeline that they stand
    for, by which a trigger finds the endpoints of an entry. The secret is encrypted; for a while after it was replaced
    the one before it signs as well. `failing_since` is when the first of the attempts failed that nothing has succeeded
    since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.CharField(max_length=MAX_URL_LENGTH)
    description = models.CharField(max_length=100, blank=True)
    event_types = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    timeline_types = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    is_enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=8, choices=DisabledReason, blank=True)
    secret = models.CharField(max_length=300)
    previous_secret = models.CharField(max_length=300, blank=True)
    previous_secret_expires_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_enabled=True, disabled_reason="") | Q(is_enabled=False) & ~Q(disabled_reason=""),
                name="webhook_endpoint_reason_if_disabled",
            ),
        ]

    def __str__(self):
        return self.url

    @property
    def label(self) -> str:
        """What pages call it: its description or, since URLs are long, its host."""
        return self.description or urlsplit(self.url).hostname or self.url


class WebhookEvent(models.Model):
    """An event as it is sent, written before its first attempt, so that every attempt sends the same bytes.

    Its key is that of the timeline entry, and what receivers tell repeats by.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    event_type = models.CharField(max_length=60)
    at = models.DateTimeField()
    client = models.ForeignKey("clients.Client", models.CASCADE, null=True, blank=True, related_name="webhook_events")
    body = models.TextField()
    created_at = models.DateTimeField()

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="webhook_event_created")]

    def __str__(self):
        return f"{self.event_type} {self.id}"


class WebhookAttemptQuerySet(DemoAwareQuerySet):
    """The attempts, which belong to the clients of their events."""

    client_path = "event__client"


class WebhookAttempt(models.Model):
    """One attempt to send an event to an endpoint, and what was answered.

    `status` is empty when there was no answer; `error` then says why. `next_attempt_at` is empty if none follows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="attempts")
    event = models.ForeignKey(WebhookEvent, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    url = models.CharField(max_length=MAX_URL_LENGTH)
    duration_ms = models.PositiveIntegerField()
    succeeded = models.BooleanField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookAttemptQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["endpoint", "-at", "-id"], name="webhook_attempt_of_endpoint"),
            models.Index(fields=["at"], name="webhook_attempt_at"),
        ]

    def __str__(self):
        return f"{self.event_id} attempt {self.number}"
