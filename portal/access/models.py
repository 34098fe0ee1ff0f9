"""Challenges, client sessions and impersonation sessions."""

import secrets
import uuid
from datetime import datetime
from enum import Enum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tenants.keyed_digests import KeyedDigest
from tenants.models import Channel
from tenants.nouns.querysets import DemoAwareQuerySet
from tenants.visitor_networks import VisitorNetwork


def generate_code_nonce() -> bytes:
    """Return 16 random bytes, from which a challenge's codes are derived."""
    return secrets.token_bytes(16)


class ChallengePurpose(models.TextChoices):
    """What a challenge is for."""

    SIGN_IN = "sign-in"
    REAUTHENTICATION = "reauthentication"
    NEW_CONTACT = "new-contact"


class ChallengePool(Enum):
    """Whose limits a challenge counts towards; each pool of an address has limits of its own."""

    RECOGNISED = "recognised"
    UNRECOGNISED = "unrecognised"
    STAFF = "staff"


class Challenge(models.Model):
    """One attempt by one browser to prove control of an address; written when a code is requested.

    Codes are not stored: each is derived from the key, the challenge, its generation and the nonce.
    `sent_at`, `channels` and `destinations` have one element per generation. `address` is the
    identifier as it is on file; it is empty for people who are not clients, whose challenges behave
    like all others. `previous_digest` is that of the same address under the digest key before, while there are
    two. The digests tell the networks of browsers apart without saying where they are;
    `is_opened_by_staff` says that the browser came by a link from staff; `old_codes_entered` counts the
    entries of codes that no longer worked. `code_issued_at` says when staff last issued a code to
    `code_issued_to`, the only client who can sign in with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=16, choices=ChallengePurpose, default=ChallengePurpose.SIGN_IN)
    browser_digest = models.BinaryField(max_length=32, unique=True)
    identifier_digest = models.BinaryField(max_length=32)
    previous_digest = models.BinaryField(max_length=32, null=True, blank=True)
    identifier_masked = models.CharField(max_length=80)
    identifier_kind = models.CharField(max_length=5)
    address = models.CharField(max_length=254, blank=True)
    client = models.ForeignKey("clients.Client", models.CASCADE, null=True, blank=True, related_name="challenges")
    is_recognised_browser = models.BooleanField(default=False)
    is_opened_by_staff = models.BooleanField(default=False, db_default=False)
    network_digest = models.BinaryField(max_length=16, null=True, blank=True)
    block_digest = models.BinaryField(max_length=16, null=True, blank=True)
    nonce = models.BinaryField(default=generate_code_nonce, max_length=16)
    key_id = models.CharField(max_length=20)
    code_length = models.PositiveSmallIntegerField(default=6)
    sent_at = ArrayField(models.DateTimeField(), default=list)
    channels = ArrayField(models.CharField(max_length=8, choices=Channel), default=list)
    destinations = ArrayField(models.CharField(max_length=254, blank=True), default=list)
    failures = models.PositiveSmallIntegerField(default=0)
    guessed_at = models.DateTimeField(null=True, blank=True)
    old_codes_entered = models.PositiveSmallIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_generation = models.PositiveSmallIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    code_issued_at = models.DateTimeField(null=True, blank=True)
    code_issued_to = models.ForeignKey(
        "clients.Client", models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(failures__lte=5), name="challenge_failures_max"),
            models.CheckConstraint(condition=Q(sent_at__len__lte=3), name="challenge_sends_max"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="challenge_expires_later"),
        ]
        indexes = [
            models.Index(fields=["identifier_digest", "created_at"], name="challenge_identifier"),
            models.Index(fields=["address"], condition=Q(closed_at=None), name="challenge_open_address"),
            models.Index(fields=["created_at"], name="challenge_created"),
        ]

    def __str__(self):
        return f"{self.purpose} {self.id}"

    @property
    def pool(self) -> ChallengePool:
        """Return the pool whose limits this challenge counts towards."""
        if self.is_opened_by_staff:
            return ChallengePool.STAFF
        return ChallengePool.RECOGNISED if self.is_recognised_browser else ChallengePool.UNRECOGNISED

    @property
    def digest(self) -> KeyedDigest:
        """Return the digest of the address, by which earlier challenges of it are found."""
        current = bytes(self.identifier_digest)
        return KeyedDigest(current, bytes(self.previous_digest or current))

    @property
    def network(self) -> VisitorNetwork:
        """Return the network that the challenge was opened from."""
        return VisitorNetwork(bytes(self.network_digest or b""), bytes(self.block_digest or b""))


class ClientSession(models.Model):
    """One browser that is or was signed in as a client; written on sign-in. Only the token's digest is stored.

    Rows outlive the session: a browser that has a row for a client is recognised as theirs. `passkey_id` is the key of
    the passkey that opened it, if no code did.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="sessions")
    token_digest = models.BinaryField(max_length=32, unique=True)
    browser_digest = models.BinaryField(max_length=32)
    device = models.CharField(max_length=80)
    identifier_kind = models.CharField(max_length=5)
    address = models.CharField(max_length=254)
    remember_me = models.BooleanField(default=False)
    passkey_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    authenticated_at = models.DateTimeField()
    used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["client", "-used_at"], name="session_of_client"),
            models.Index(fields=["browser_digest", "client"], name="session_browser"),
            models.Index(fields=["address"], condition=Q(ended_at=None), name="session_open_address"),
        ]

    def __str__(self):
        return f"{self.device} {self.id}"


class TokenGrantQuerySet(DemoAwareQuerySet):
    """Token grants, whose client is their session's."""

    client_path = "session__client"


class TokenGrant(models.Model):
    """A pair of tokens of a program that is signed in as a client; written on sign-in and at each refresh.

    An access token works until `access_expires_at`, a refresh token once: `used_at` says when. Both end with their
    session. Only digests are stored. Used rows are kept, so that a copy of a refresh token is recognised as one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(ClientSession, models.CASCADE, related_name="token_grants")
    access_digest = models.BinaryField(max_length=32, unique=True)
    access_expires_at = models.DateTimeField()
    refresh_digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = TokenGrantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["used_at"], condition=Q(used_at__isnull=False), name="token_grant_used")]

    def __str__(self):
        return str(self.id)


class ImpersonationMode(models.TextChoices):
    """What staff may do while they impersonate a client."""

    DEMO = "demo"
    READ_ONLY = "read-only"


class ImpersonationSession(models.Model):
    """A member of staff using the portal as a client; written when they arrive from the console.

    As the demo client they may do everything, as a real client only read. It takes the place of a
    client session but needs no code, is not listed among the client's devices and has its own cookie.
    People live in another schema, so only the person's key is stored. Its key is that of the `ImpersonationToken`
    with which it began.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="impersonation_sessions")
    mode = models.CharField(max_length=9, choices=ImpersonationMode)
    token_digest = models.BinaryField(max_length=32, unique=True)
    person_id = models.UUIDField()
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DemoAwareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(mode="demo") | ~Q(reason=""), name="impersonation_read_only_has_reason"),
        ]

    def __str__(self):
        return f"{self.mode} {self.id}"

    @property
    def authenticated_at(self) -> datetime:
        """Return an instant that always counts as recent, because staff authenticated at the console."""
        return self.expires_at

    @property
    def address(self) -> str:
        """Return the address with which the client would have signed in."""
        return self.client.contacts.order_by("created_at", "pk").values_list("value", flat=True).first() or ""

    @property
    def identifier_kind(self) -> str:
        """Return the kind of `address`."""
        return "phone" if self.address.startswith("+") else "email"


# The session by which somebody uses a portal as a client: their own, or the one of staff in their place.
PortalSession = ClientSession | ImpersonationSession
