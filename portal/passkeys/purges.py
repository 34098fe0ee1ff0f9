"""Deletion of used challenges that have expired, so that nobody can answer them anyway."""

from datetime import datetime, timedelta

from portal.passkeys.models import UsedChallenge
from tenants.purging import delete_batch

# Longer than any challenge is valid, whatever the clocks of two machines say.
RETENTION = timedelta(hours=1)


def purge_used_challenges(now: datetime, limit: int) -> int:
    """Delete at most `limit` challenges that expired long ago; return how many."""
    return delete_batch(UsedChallenge.objects.filter(used_at__lt=now - RETENTION), limit)
