"""The delivery outbox and the providers' events. No row holds an address or a code."""

import uuid

from django.db import models
from django.db.models import Q

from tenants.queues import Queue


class Channel(models.TextChoices):
    """How a message reaches a person."""

    EMAIL = "email"
    SMS = "sms"


class DeliveryState(models.IntegerChoices):
    """The state of a delivery. Its number is its rank: provider events may only raise it."""

    QUEUED = 10
    SENDING = 20
    UNCLEAR = 30
    FAILED = 35
    EXPIRED = 36
    ACCEPTED = 40
    DEFERRED = 50
    DELIVERED = 60
    BOUNCED = 70
    VOID = 90


class EventMatch(models.TextChoices):
    """How it is known which delivery a provider's event is about."""

    DELIVERY_ID = "delivery-id"
    MESSAGE_ID = "message-id"
    ADDRESS = "address"


PENDING_STATES = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNCLEAR)
PENDING = Q(state__in=PENDING_STATES, completed_at=None)


class Delivery(models.Model):
    """One message on its way through one channel. Whoever sends a message adds it; workers update it.

    `attempt` is a fencing token: an update must name the attempt it claimed. `calls` counts the provider
    calls that may have reached the person. A VOID row is a decoy for a person we don't know: it costs the
    same as a real one and is never sent. `message_id` is a message in the business's schema, or a
    StaffEmail when there is no business. `provider_message_id` is the id under which the provider accepted it, and
    `recipient_digest` the keyed digest of its address: by them late events find it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, null=True, blank=True, related_name="+")
    message_id = models.UUIDField()
    queue = models.CharField(max_length=8, choices=Queue)
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.PositiveSmallIntegerField(choices=DeliveryState, default=DeliveryState.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    calls = models.PositiveSmallIntegerField(default=0)
    provider = models.CharField(max_length=16, blank=True)
    provider_message_id = models.CharField(max_length=100, null=True, blank=True)
    recipient_digest = models.BinaryField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["queue", "business", "due_at"], condition=PENDING, name="delivery_pending"),
            models.Index(fields=["created_at"], name="delivery_created"),
            models.Index(
                fields=["provider_message_id"],
                condition=Q(provider_message_id__isnull=False),
                name="delivery_provider_message",
            ),
            models.Index(
                fields=["recipient_digest", "created_at"],
                condition=Q(recipient_digest__isnull=False),
                name="delivery_recipient",
            ),
        ]

    def __str__(self):
        return f"{self.channel} {self.id} {self.get_state_display()}"


class ProviderEvent(models.Model):
    """One webhook event of a provider about a delivery, stored once per event id before it is applied.

    `matched_by` says how the delivery was found.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(max_length=16)
    provider_event_id = models.CharField(max_length=120)
    delivery_id = models.UUIDField()
    matched_by = models.CharField(
        max_length=12, choices=EventMatch, default=EventMatch.DELIVERY_ID, db_default=EventMatch.DELIVERY_ID
    )
    state = models.PositiveSmallIntegerField(choices=DeliveryState)
    reason = models.CharField(max_length=40, blank=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_event_id"], name="provider_event_once"),
        ]
        indexes = [models.Index(fields=["received_at"], condition=Q(applied_at=None), name="provider_event_pending")]

    def __str__(self):
        return f"{self.provider} {self.provider_event_id}"
