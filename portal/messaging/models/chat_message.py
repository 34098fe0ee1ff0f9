"""The messages that a client and the business's staff write to each other."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from tenants.nouns.querysets import DemoAwareQuerySet

MAX_CHAT_MESSAGE_LENGTH = 4_000
# True for a message of a client that nobody at the business has read.
UNREAD_BY_STAFF = ExpressionWrapper(Q(sender="client", read_at=None), output_field=BooleanField())


class ChatMessageSender(models.TextChoices):
    """Which side of a conversation wrote a message."""

    CLIENT = "client", _("Client")
    STAFF = "staff", _("Staff")


class ChatMessageQuerySet(DemoAwareQuerySet):
    """Chainable filters on chat messages."""

    def unread_by(self, reader):
        """Return the messages that the other side wrote and `reader` (a `ChatMessageSender`) has not read."""
        return self.filter(read_at=None).exclude(sender=reader)


class ChatMessage(models.Model):
    """One message in the one conversation that a client has with the business: plain text and nothing else.

    Written by `portal.messaging.conversations.services`. `is_latest` marks the latest message of its conversation, so
    that the inbox need not search for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="chat_messages")
    sender = models.CharField(max_length=6, choices=ChatMessageSender)
    person_id = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=160, blank=True)
    body = models.TextField(max_length=MAX_CHAT_MESSAGE_LENGTH)
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    is_latest = models.BooleanField(default=True)

    objects = ChatMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="chat_message_body_not_empty"),
            models.CheckConstraint(
                condition=Q(sender="client", person_id=None) | Q(sender="staff", person_id__isnull=False),
                name="chat_message_person_if_staff",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-written_at"], name="chat_message_client"),
            models.Index(fields=["client"], condition=Q(read_at=None), name="chat_message_unread"),
            models.Index(fields=["person_id", "client"], condition=Q(sender="staff"), name="chat_message_person"),
            models.Index(
                UNREAD_BY_STAFF.desc(),
                F("written_at").desc(),
                condition=Q(is_latest=True),
                name="chat_message_inbox",
            ),
            GinIndex(fields=["body"], opclasses=["public.gin_trgm_ops"], name="chat_message_search"),
        ]

    def __str__(self):
        return f"{self.sender} {self.written_at:%Y-%m-%d %H:%M}"

    @property
    def public_name(self):
        """Return the staff member's name as clients may see it; empty when it is an email address."""
        return "" if "@" in self.person_name else self.person_name
