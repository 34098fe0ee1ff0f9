"""Deletion of messages, suppressions and notifications that are past their retention period."""

from datetime import datetime, timedelta

from portal.messaging.models import Message, Notification, Suppression
from tenants.models import DeliveryState
from tenants.purging import delete_batch

# Anybody can cause messages to nobody, in any number, by typing an unknown address.
VOID_MESSAGE_RETENTION = timedelta(days=30)
REMOVED_SUPPRESSION_RETENTION = timedelta(days=30)
NOTIFICATION_RETENTION = timedelta(days=90)


def purge_void_messages(now: datetime, limit: int) -> int:
    """Delete at most `limit` old messages that were sent to nobody; return how many."""
    old = Message.objects.filter(state=DeliveryState.VOID, created_at__lt=now - VOID_MESSAGE_RETENTION)
    return delete_batch(old, limit)


def purge_removed_suppressions(now: datetime, limit: int) -> int:
    """Delete at most `limit` suppressions that were removed long ago; return how many."""
    return delete_batch(Suppression.objects.filter(removed_at__lt=now - REMOVED_SUPPRESSION_RETENTION), limit)


def purge_notifications(now: datetime, limit: int) -> int:
    """Delete at most `limit` old notifications, read or not; return how many."""
    return delete_batch(Notification.objects.filter(at__lt=now - NOTIFICATION_RETENTION), limit)
