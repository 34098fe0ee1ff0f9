"""Emails from the platform to staff."""

import uuid
from functools import partial
from secrets import token_bytes

from django.db import models
from django.db.models import Q

from tenants.models.invitation import Invitation
from tenants.models.person import Person


class StaffEmail(models.Model):
    """One email to a member of staff, or to somebody who is invited. Its Delivery, without a business, has its state.

    It stores neither address nor code nor link: a worker looks up the address and derives the rest. A row
    with neither person nor invitation is a decoy for an unknown address that asked for a code; it is never
    sent. `closed_at` is null until its code is used or replaced. Requests for codes are counted by the digests of the
    typed address and of the network they came from, which other emails lack.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=8)
    data = models.JSONField(default=dict)
    key_id = models.CharField(max_length=32)
    nonce = models.BinaryField(max_length=16, default=partial(token_bytes, 16))
    address_digest = models.BinaryField(null=True, blank=True)
    network_digest = models.BinaryField(null=True, blank=True)
    block_digest = models.BinaryField(null=True, blank=True)
    is_known_browser = models.BooleanField(default=False, db_default=False)
    guesses = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(guesses__lte=5), name="staff_email_guesses_max")]
        indexes = [
            models.Index(fields=["person", "created_at"], name="staff_email_person"),
            models.Index(fields=["created_at"], name="staff_email_created"),
            models.Index(
                fields=["address_digest", "created_at"],
                condition=Q(address_digest__isnull=False),
                name="staff_email_address",
            ),
            models.Index(
                fields=["network_digest", "created_at"],
                condition=Q(network_digest__isnull=False),
                name="staff_email_network",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.id}"
