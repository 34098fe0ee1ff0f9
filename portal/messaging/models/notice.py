"""What is a member of staff told, and how do they want to be told?"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """What staff are told of. Who may be told stands in portal.messaging.notices.services."""

    NEW_MESSAGE = "new-message", _("New message")
    CONTACT_FORM = "contact-form", _("New contact form")
    OUTAGE = "outage", _("Codes are delayed")
    TICKET = "ticket", _("Support")


class Notice(models.Model):
    """One line in the notice centre of one member of staff.

    `person_id` is the key of a tenants.Person, a plain value. `subject` names what it is about, `page` is the
    address below the business's console, `about_id` the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=NoticeKind)
    subject = models.CharField(max_length=160, blank=True)
    page = models.CharField(max_length=200)
    about_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-at"], name="notice_of_person"),
            models.Index(fields=["person_id"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["about_id"], name="notice_about"),
        ]

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Wish(models.Model):
    """How one member of staff wants to be told of one kind of thing, where they chose."""

    class Reach(models.TextChoices):
        OFF = "off", _("Not at all")
        CONSOLE = "console", _("Here in the console")
        MAIL = "mail", _("In the console and by email")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=NoticeKind)
    reach = models.CharField(max_length=8, choices=Reach)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "kind"], name="wish_once")]

    def __str__(self):
        return f"{self.kind}: {self.reach}"
