"""Deletion of sign-in attempts, browsers, tokens and impersonation sessions that are past their retention period."""

from datetime import datetime, timedelta

from django.conf import settings

from portal.access.models import Challenge, ClientSession, ImpersonationSession, TokenGrant
from tenants.purging import delete_batch

CHALLENGE_RETENTION = timedelta(days=30)
# The timeline keeps who impersonated a client and why.
IMPERSONATION_RETENTION = timedelta(days=90)
# As long as a copy of a used refresh token is recognised as one.
TOKEN_GRANT_RETENTION = timedelta(days=90)


def purge_challenges(now: datetime, limit: int) -> int:
    """Delete at most `limit` old challenges; return how many."""
    return delete_batch(Challenge.objects.filter(created_at__lt=now - CHALLENGE_RETENTION), limit)


def purge_expired_browsers(now: datetime, limit: int) -> int:
    """Delete at most `limit` sessions whose browser is no longer recognised by them; return how many."""
    cutoff = now - settings.RECOGNISED_BROWSER_LIFETIME
    return delete_batch(ClientSession.objects.filter(used_at__lt=cutoff, expires_at__lt=cutoff), limit)


def purge_impersonation_sessions(now: datetime, limit: int) -> int:
    """Delete at most `limit` impersonation sessions that ended long ago; return how many."""
    return delete_batch(ImpersonationSession.objects.filter(expires_at__lt=now - IMPERSONATION_RETENTION), limit)


def purge_used_token_grants(now: datetime, limit: int) -> int:
    """Delete at most `limit` tokens that were refreshed long ago; return how many."""
    return delete_batch(TokenGrant.objects.filter(used_at__lt=now - TOKEN_GRANT_RETENTION), limit)
