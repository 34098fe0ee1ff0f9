"""Is a business, or the whole platform, being guessed at?

The counts stand in the public schema, because an attacker who tries one code at each of
ten thousand clients is seen by no single client and maybe by no single business.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import F, Q, Sum

from tenants import hostnames
from tenants.models import Business, FailedAttemptBucket, Platform

BUCKET = timedelta(minutes=10)
WAIT_TOKEN_LIFETIME = timedelta(minutes=10)


class WaitRequired(Exception):
    """In attack mode an unrecognised browser must sit out a short wait first; `wait_token` is its proof."""

    def __init__(self, wait_token: str):
        super().__init__("step required")
        self.wait_token = wait_token


def count_failed_attempt(*, business: Business, now: datetime) -> None:
    """Count one wrong guess and switch attack mode on when an hour has seen too many."""
    bucket = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    FailedAttemptBucket.objects.bulk_create(
        [FailedAttemptBucket(business=business, bucket_at=bucket)], ignore_conflicts=True
    )
    FailedAttemptBucket.objects.filter(business=business, bucket_at=bucket).update(count=F("count") + 1)
    sums = FailedAttemptBucket.objects.filter(bucket_at__gt=now - timedelta(hours=1) - BUCKET).aggregate(
        here=Sum("count", filter=Q(business=business), default=0), everywhere=Sum("count", default=0)
    )
    _enter_attack_mode(business, sums, until=now + settings.ATTACK_MODE_LIFETIME)


def create_wait_token(token: str, *, business: Business) -> str:
    """Return a wait_token for the wait at one business; the token in it becomes the challenge's own, so it serves once."""
    return _signer(business).sign(token)


def redeem_wait_token(wait_token: str, *, business: Business, now: datetime) -> str | None:
    """Return the token of a wait_token whose wait is over, or None when it is forged, early or stale."""
    try:
        token = _signer(business).unsign(wait_token, max_age=WAIT_TOKEN_LIFETIME)
        issued = signing.b62_decode(wait_token.rsplit(":", 2)[1])
    except (signing.BadSignature, ValueError, IndexError):
        return None
    return token if now.timestamp() - issued >= settings.ATTACK_MODE_DELAY.total_seconds() else None


def _signer(business: Business) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"portal.access.wait_token/{business.pk}")


def _enter_attack_mode(business: Business, sums: dict[str, int], *, until: datetime) -> None:
    """Switch attack mode on or prolong it; not for every guess, since each would make us forget all hosts."""
    is_stale = Q(attack_until=None) | Q(attack_until__lt=until - settings.ATTACK_MODE_LIFETIME / 60)
    raised = 0
    if sums["here"] >= settings.ATTACK_MODE_BUSINESS_THRESHOLD:
        raised += Business.objects.filter(is_stale, pk=business.pk).update(attack_until=until)
    if sums["everywhere"] >= settings.ATTACK_MODE_PLATFORM_THRESHOLD:
        raised += Platform.objects.filter(is_stale, pk=1).update(attack_until=until)
    if raised:
        hostnames.invalidate_cache()
