"""Passkeys of clients, challenges that were used, and offers that were dismissed."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tenants.nouns.querysets import DemoAwareQuerySet

# WebAuthn's own maximum.
MAX_CREDENTIAL_ID_LENGTH = 1023
MAX_PUBLIC_KEY_LENGTH = 2048


class Passkey(models.Model):
    """A key in a client's device or password manager that signs them in; written when they add it.

    Only its public half is here. `host` is the address of the portal at which it was made, and the only one at which
    it works. Like a session it depends on an address of the client, which is the one they had signed in with. The
    backup flags say whether its device may share it with others, and does. `sign_count` is the authenticator's counter,
    which stays 0 where there is none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=MAX_CREDENTIAL_ID_LENGTH, unique=True)
    public_key = models.BinaryField(max_length=MAX_PUBLIC_KEY_LENGTH)
    user_handle = models.BinaryField(max_length=64)
    host = models.CharField(max_length=253)
    address = models.CharField(max_length=254)
    device = models.CharField(max_length=80)
    transports = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    sign_count = models.BigIntegerField()
    is_backup_eligible = models.BooleanField()
    is_backed_up = models.BooleanField()
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(sign_count__gte=0), name="passkey_sign_count_positive"),
        ]

    def __str__(self):
        return f"{self.device} {self.id}"


class UsedChallenge(models.Model):
    """A challenge that a browser has answered, rightly or not; written so that it can't be answered again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["used_at"], name="passkey_challenge_used")]

    def __str__(self):
        return str(self.id)


class OfferDismissal(models.Model):
    """A client's wish not to be offered passkeys on the home page again; written when they press the button."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    objects = DemoAwareQuerySet.as_manager()

    def __str__(self):
        return str(self.id)
