"""Deletion of timeline entries that are past their retention period."""

from datetime import datetime, timedelta

from portal.activity import services as activity
from portal.activity.models import Entry
from tenants.purging import delete_batch

# Anybody can cause entries without a client, in any number, by typing an unknown address.
WITHOUT_CLIENT_RETENTION = timedelta(days=30)


def purge_entries_without_client(now: datetime, limit: int) -> int:
    """Delete at most `limit` old entries that name no client and no member of staff; return how many."""
    old = Entry.objects.filter(client=None, at__lt=now - WITHOUT_CLIENT_RETENTION).exclude(actor=Entry.Actor.STAFF)
    with activity.allow_mutation():
        return delete_batch(old, limit)
