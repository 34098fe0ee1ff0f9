"""Which messages did a business send, and how far did each one get?"""

import uuid

from django.db import models

from portal.clients.querysets import DemoAwareManager
from tenants.models import Channel, DeliveryState


class Kind(models.TextChoices):
    """What a message is about; each kind is a folder in templates/messages/."""

    SIGN_IN_CODE = "sign-in-code"
    CONFIRM_CODE = "confirm-code"
    NEW_BROWSER = "new-browser"
    CONTACT_CHANGED = "contact-changed"
    ACCESS_ENDED = "access-ended"
    NEW_MESSAGE = "new-message"
    STAFF_NOTICE = "staff-notice"
    CODE_HANDED = "code-handed"
    INVITATION = "invitation"


class Message(models.Model):
    """One message to one address. It holds what wording needs, never a code.

    `to` is empty for a person we do not know: that message is never sent. `about`
    is the row it speaks of (a challenge, a session), `data` what its wording needs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    channel = models.CharField(max_length=8, choices=Channel)
    client = models.ForeignKey("clients.Client", models.CASCADE, null=True, blank=True, related_name="messages")
    to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8, blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict)
    state = models.PositiveSmallIntegerField(choices=DeliveryState, default=DeliveryState.QUEUED)
    reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    objects = DemoAwareManager()

    class Meta:
        indexes = [
            models.Index(fields=["about_id", "created_at"], name="message_about"),
            models.Index(fields=["to", "created_at"], name="message_to"),
            models.Index(fields=["created_at"], name="message_created"),
        ]

    def __str__(self):
        return f"{self.kind} by {self.channel}"
