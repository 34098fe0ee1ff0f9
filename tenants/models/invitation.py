"""Invitations to join a business's staff."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tenants.models.person import Person
from tenants.roles import Role


class Invitation(models.Model):
    """One invitation to one email address, written by the team page. Only the digest of its link's token is stored.

    Sending it again makes a new token, which invalidates the link in older mails.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    areas = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    token_digest = models.BinaryField(max_length=32, unique=True)
    sends = models.PositiveSmallIntegerField(default=1)
    invited_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "business",
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_one_open",
            ),
        ]

    def __str__(self):
        return f"{self.email} to {self.business}"
