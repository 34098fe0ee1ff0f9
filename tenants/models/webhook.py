"""Webhooks that are to be sent. No row holds an address or anything that is sent."""

from django.db import models


class WebhookStream(models.Model):
    """The way to one endpoint of a business; one worker at a time sends on it.

    `lease_token` names the lease, so that a worker that hung can't overwrite its successor. `failures` counts the
    attempts in a row to reach the endpoint in vain, after each of which the stream pauses.
    """

    endpoint_id = models.UUIDField(primary_key=True, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)

    def __str__(self):
        return f"stream to {self.endpoint_id}"


class WebhookDelivery(models.Model):
    """An event that is still to be sent to an endpoint; the row is deleted when it was delivered or given up.

    A trigger of the timeline adds it in the transaction of the change, so it refers to no stream: one that is deleted
    meanwhile must not fail that transaction. `object_id` is what the event is about, whose events arrive in the order
    of the keys.
    """

    id = models.BigAutoField(primary_key=True)
    endpoint_id = models.UUIDField()
    event_id = models.UUIDField()
    object_id = models.UUIDField()
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["endpoint_id", "due_at"], name="webhook_delivery_due"),
            models.Index(fields=["endpoint_id", "object_id", "id"], name="webhook_delivery_order"),
        ]

    def __str__(self):
        return f"{self.event_id} to {self.endpoint_id}"
