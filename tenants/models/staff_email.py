"""What is written to people who work here, rather than to a business's clients?"""

import uuid
from functools import partial
from secrets import token_bytes

from django.db import models
from django.db.models import Q

from tenants.models.invitation import Invitation
from tenants.models.person import Person


class StaffEmailKind(models.TextChoices):
    """What a letter is about; each kind is a folder in templates/messages/."""

    CODE = "staff-code"
    INVITATION = "staff-invitation"
    NEW_BROWSER = "staff-new-browser"
    FACTOR = "staff-factor"


class StaffEmail(models.Model):
    """One mail of the platform's own; what became of it says its Delivery, which belongs to no business.

    It names whom it is for and holds neither address nor code nor link: a worker finds the one and
    derives the other. Nobody's letter stands for a stranger who asked for a code, and is never sent.
    `closed_at` is empty for as long as its code was neither used nor replaced by another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=StaffEmailKind)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8)
    data = models.JSONField(default=dict)
    key_id = models.CharField(max_length=32)
    nonce = models.BinaryField(max_length=16, default=partial(token_bytes, 16))
    guesses = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(guesses__lte=5), name="staff_email_guesses_max")]
        indexes = [
            models.Index(fields=["person", "created_at"], name="staff_email_person"),
            models.Index(fields=["created_at"], name="staff_email_created"),
        ]

    def __str__(self):
        return f"{self.kind} {self.id}"
