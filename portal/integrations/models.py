"""Stored answers to requests with an idempotency key, and the models of webhooks."""

import uuid

from django.db import models

from portal.integrations.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookEvent

__all__ = ["IdempotentRequest", "WebhookAttempt", "WebhookEndpoint", "WebhookEvent"]


class IdempotentRequest(models.Model):
    """The answer to an unsafe request that had an idempotency key; written with what the request changed.

    `owner` is the API key or session of whoever sent it. The digests are those of the key, and of method, path and
    body. `body` is the answer's, encrypted: some have a secret. Rows are deleted after a day; `is_cleared` says that an
    erasure has removed the answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=60)
    key_digest = models.BinaryField(max_length=32)
    request_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    is_cleared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key_digest"], name="idempotent_request_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotent_request_created")]

    def __str__(self):
        return f"{self.owner} {self.id}"
