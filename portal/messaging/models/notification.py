"""The notifications that staff get in the console, and how each of them wants to get them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.nouns import registry


class Notification(models.Model):
    """One notification for one member of staff, written by `portal.messaging.notifications.services`.

    `person_id` is the key of a tenants.Person, a plain value. `kind` is one that a noun declares. `subject` names what
    it is about, `subject_id` is the key of that row, and `path` the page it leads to, below the business's console.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=160, blank=True)
    path = models.CharField(max_length=200)
    subject_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-at"], name="notification_person"),
            models.Index(fields=["person_id"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=["subject_id"], name="notification_subject"),
        ]

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    @property
    def kind_label(self) -> str | Promise:
        """Return the name of its kind for people, or an empty string when no noun declares it."""
        kind = registry.get_notification_kinds().get(self.kind)
        return kind.label if kind else ""


class NotificationMethod(models.TextChoices):
    """How a member of staff gets a kind of notification."""

    OFF = "off", _("Off")
    CONSOLE = "console", _("In the console")
    MAIL = "mail", _("In the console and by email")


class NotificationPreference(models.Model):
    """How one member of staff wants to get one kind of notification. Without a row, the default applies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    method = models.CharField(max_length=8, choices=NotificationMethod)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "kind"], name="notification_preference_unique")]

    def __str__(self):
        return f"{self.kind}: {self.method}"
