"""What providers' webhooks said that Portico can't use, counted by how it looks. No row holds an address."""

from django.db import models


class UnreadableReason(models.TextChoices):
    """Why an element of a signed webhook call is of no use."""

    NOT_JSON = "not-json", "the call is no JSON"
    NOT_AN_OBJECT = "not-an-object", "the element is no JSON object"
    TOO_DEEP = "too-deep", "the element is nested too deeply"
    UNKNOWN_EVENT = "unknown-event", "the event is unknown"
    NO_DELIVERY = "no-delivery", "it names no delivery, and nothing was sent to its address"


class UnreadableEvent(models.Model):
    """All elements of a provider that looked alike, written by the webhooks. Operators list them by a command."""

    provider = models.CharField(max_length=16)
    reason = models.CharField(max_length=16, choices=UnreadableReason)
    event = models.CharField(max_length=40, blank=True)
    fields = models.CharField(max_length=300, blank=True)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "reason", "event", "fields"], name="unreadable_event_once"),
        ]

    def __str__(self):
        return f"{self.provider}: {self.get_reason_display()}"
