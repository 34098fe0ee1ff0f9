"""Attack mode: it starts when a business, or the platform, sees too many wrong guesses in an hour.

Unrecognised browsers then wait before they get a code. So do those that draw on the reserve of an address.

The counts are kept in the public schema, because an attacker who tries one code at each of
ten thousand clients is seen by no single client and maybe by no single business.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from django.conf import settings
from django.core import signing
from django.db.models import F, Q, Sum

from tenants import hostnames, tokens
from tenants.keyed_digests import KeyedDigest
from tenants.models import Business, FailedAttemptCount, Platform
from tenants.visitor_networks import VisitorNetwork

BUCKET = timedelta(minutes=10)
WAIT_TOKEN_LIFETIME = timedelta(minutes=10)


class WaitReason(Enum):
    """Why an unrecognised browser has to wait."""

    ATTACK = "attack"
    BUSY_ADDRESS = "busy-address"


@dataclass(frozen=True)
class Waiter:
    """Who has to wait: the digest of the address that they typed, and their network."""

    identifier: KeyedDigest
    network: VisitorNetwork

    @property
    def keys(self) -> list[str]:
        """By what a wait token knows them: the newest digests of the address and of their block, and those before."""
        digests = zip(self.identifier, self.network.block_digests, strict=True)
        return [tokens.digest_token((address + block).hex()).hex() for address, block in digests]


class WaitRequired(Exception):
    """An unrecognised browser has to wait first, and then send `wait_token` along."""

    def __init__(self, wait_token: str, reason: WaitReason):
        super().__init__("wait required")
        self.wait_token, self.reason = wait_token, reason


def count_failed_attempt(*, business: Business, now: datetime) -> None:
    """Count one wrong guess, and start attack mode when the last hour had too many."""
    bucket = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    FailedAttemptCount.objects.bulk_create(
        [FailedAttemptCount(business=business, bucket_at=bucket)], ignore_conflicts=True
    )
    FailedAttemptCount.objects.filter(business=business, bucket_at=bucket).update(count=F("count") + 1)
    totals = FailedAttemptCount.objects.filter(bucket_at__gt=now - timedelta(hours=1) - BUCKET).aggregate(
        business=Sum("count", filter=Q(business=business), default=0), platform=Sum("count", default=0)
    )
    _enter_attack_mode(business, totals, until=now + settings.ATTACK_MODE_LIFETIME)


def build_wait_required(business: Business, reason: WaitReason, *, waiter: Waiter, now: datetime) -> WaitRequired:
    """Return the exception that makes a browser wait from now on, with a new wait token."""
    return WaitRequired(create_wait_token(tokens.generate_token(), business=business, waiter=waiter, now=now), reason)


def create_wait_token(token: str, *, business: Business, waiter: Waiter, now: datetime) -> str:
    """Return a signed wait token for one waiter at one business, issued now.

    It holds a challenge's token, so it works once. Bound to address and network, none is collected for use elsewhere.
    """
    return _get_signer(business).sign_object([token, int(now.timestamp() * 1000), waiter.keys[0]])


def redeem_wait_token(wait_token: str, *, business: Business, waiter: Waiter, now: datetime) -> str | None:
    """Return the challenge's token from a wait token whose wait is over.

    None if the token is forged, somebody else's, too early or expired.
    """
    try:
        token, issued_ms, key = _get_signer(business).unsign_object(wait_token)
    except (signing.BadSignature, ValueError):
        return None
    waited = now - datetime.fromtimestamp(issued_ms / 1000, UTC)
    is_over = settings.ATTACK_MODE_DELAY <= waited <= WAIT_TOKEN_LIFETIME
    return token if is_over and key in waiter.keys else None


def _get_signer(business: Business) -> signing.Signer:
    return signing.Signer(salt=f"portal.access.wait-token/{business.pk}")


def _enter_attack_mode(business: Business, totals: dict[str, int], *, until: datetime) -> None:
    """Start or prolong attack mode, at most once a minute or so: each time drops the cache of hostnames."""
    needs_update = Q(attack_until=None) | Q(attack_until__lt=until - settings.ATTACK_MODE_LIFETIME / 60)
    updated = 0
    if totals["business"] >= settings.ATTACK_MODE_BUSINESS_THRESHOLD:
        updated += Business.objects.filter(needs_update, pk=business.pk).update(attack_until=until)
    if totals["platform"] >= settings.ATTACK_MODE_PLATFORM_THRESHOLD:
        updated += Platform.objects.filter(needs_update, pk=1).update(attack_until=until)
    if updated:
        hostnames.invalidate_host_cache()
