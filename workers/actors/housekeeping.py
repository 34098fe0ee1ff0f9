"""Deletion of rows that are past their retention period.

Rows are deleted in small batches, each in a transaction of its own, so that no lock is held for long.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import dramatiq
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.access.models import Challenge, ClientSession, ImpersonationSession
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.uploads import services as uploads
from portal.messaging.models import Message, Notification, Suppression
from portal.signin_support.models import ReportedIdentifier
from tenants import outages, outbox, provider_events
from tenants.models import DeliveryState, FailedAttemptBucket, Queue, StaffEmail
from workers.tenancy import business_actor

BATCH_SIZE = 500
CHALLENGE_RETENTION = timedelta(days=30)
FAILED_ATTEMPT_RETENTION = timedelta(days=2)
NOTIFICATION_RETENTION = timedelta(days=90)
UPLOAD_RETENTION = timedelta(days=90)
IMPERSONATION_RETENTION = timedelta(days=90)
PURGE_OPTIONS: dict[str, Any] = {
    "queue_name": Queue.BULK,
    "max_retries": 3,
    "max_age": 3_600_000,
    "time_limit": 600_000,
}


@dramatiq.actor(**PURGE_OPTIONS)
def purge_platform() -> None:
    """Delete completed deliveries, old staff emails, applied events, past outages, expired staff sessions and old counts of failed attempts."""
    now = timezone.now()
    _purge_in_batches(lambda: outbox.purge(now - settings.DELIVERY_RETENTION, BATCH_SIZE))
    _purge_in_batches(lambda: provider_events.purge(now - settings.DELIVERY_RETENTION, BATCH_SIZE))
    _purge_in_batches(
        lambda: _delete_batch(
            StaffEmail.objects.filter(created_at__lt=now - settings.DELIVERY_RETENTION, expires_at__lt=now)
        )
    )
    outages.purge(now - settings.DELIVERY_RETENTION)
    _purge_in_batches(lambda: _delete_batch(Session.objects.filter(expire_date__lt=now)))
    _purge_in_batches(
        lambda: _delete_batch(UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")))
    )
    _purge_in_batches(
        lambda: _delete_batch(FailedAttemptBucket.objects.filter(bucket_at__lt=now - FAILED_ATTEMPT_RETENTION))
    )


@business_actor(**PURGE_OPTIONS)
def purge_business() -> None:
    """Delete one business's old challenges, rows without a client, expired browsers, old uploads, impersonation sessions and notifications."""
    now = timezone.now()
    cutoff = now - CHALLENGE_RETENTION
    _purge_in_batches(lambda: _delete_batch(Challenge.objects.filter(created_at__lt=cutoff)))
    # Anybody can cause these rows, in any number, by typing an unknown address.
    _purge_in_batches(lambda: _delete_batch(Message.objects.filter(state=DeliveryState.VOID, created_at__lt=cutoff)))
    _purge_in_batches(lambda: _delete_batch(ReportedIdentifier.objects.filter(created_at__lt=cutoff)))
    _purge_in_batches(lambda: _delete_batch(Suppression.objects.filter(removed_at__lt=cutoff)))
    with transaction.atomic(), activity.allow_mutation():
        entries_without_client = Entry.objects.filter(client=None, at__lt=cutoff).exclude(actor=Entry.Actor.STAFF)
        _purge_in_batches(lambda: _delete_batch(entries_without_client))
    _purge_in_batches(lambda: _delete_batch(_expired_browsers(now)))
    uploads.purge_uploads(now - UPLOAD_RETENTION)
    # The timeline keeps who impersonated a client and why.
    _purge_in_batches(
        lambda: _delete_batch(ImpersonationSession.objects.filter(expires_at__lt=now - IMPERSONATION_RETENTION))
    )
    _purge_in_batches(lambda: _delete_batch(Notification.objects.filter(at__lt=now - NOTIFICATION_RETENTION)))


def _expired_browsers(now: datetime) -> QuerySet[ClientSession]:
    cutoff = now - settings.RECOGNISED_BROWSER_LIFETIME
    return ClientSession.objects.filter(used_at__lt=cutoff, expires_at__lt=cutoff)


def _purge_in_batches(purge: Callable[[], int]) -> None:
    while purge() >= BATCH_SIZE:
        pass


def _delete_batch(rows: QuerySet) -> int:
    return rows.model.objects.filter(pk__in=rows.values("pk")[:BATCH_SIZE]).delete()[0]
