"""What is thrown away once it is of no more use, and when?

Rows go in small batches, each in a transaction of its own: nobody waits for a broom.
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

from portal.access.models import Challenge, ClientSession, Visit
from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.uploads import services as uploads
from portal.messaging.models import Message, Notice, Suppression
from portal.signin_support.models import ReportedIdentifier
from tenants import outages, outbox, provider_events
from tenants.models import DeliveryState, FailedAttemptBucket, Queue, StaffEmail
from workers.tenancy import business_actor

BATCH = 500
CHALLENGES_KEPT = timedelta(days=30)
TALLIES_KEPT = timedelta(days=2)
NOTICES_KEPT = timedelta(days=90)
LISTS_KEPT = timedelta(days=90)
VISITS_KEPT = timedelta(days=90)
RARE: dict[str, Any] = {"queue_name": Queue.BULK, "max_retries": 3, "max_age": 3_600_000, "time_limit": 600_000}


@dramatiq.actor(**RARE)
def purge_platform() -> None:
    """Throw away settled deliveries, old letters, applied events, outages that are over, staff sessions that ended and old tallies of wrong guesses."""
    now = timezone.now()
    _in_batches(lambda: outbox.purge(now - settings.DELIVERY_KEPT, BATCH))
    _in_batches(lambda: provider_events.purge(now - settings.DELIVERY_KEPT, BATCH))
    _in_batches(
        lambda: _delete(StaffEmail.objects.filter(created_at__lt=now - settings.DELIVERY_KEPT, expires_at__lt=now))
    )
    outages.purge(now - settings.DELIVERY_KEPT)
    _in_batches(lambda: _delete(Session.objects.filter(expire_date__lt=now)))
    _in_batches(lambda: _delete(UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))))
    _in_batches(lambda: _delete(FailedAttemptBucket.objects.filter(bucket_at__lt=now - TALLIES_KEPT)))


@business_actor(**RARE)
def purge_business() -> None:
    """Throw away one business's old challenges, what strangers left, browsers that are recognised no more, old lists and notices."""
    now = timezone.now()
    long_ago = now - CHALLENGES_KEPT
    _in_batches(lambda: _delete(Challenge.objects.filter(created_at__lt=long_ago)))
    # Anybody can have these written, as many as they like.
    _in_batches(lambda: _delete(Message.objects.filter(state=DeliveryState.VOID, created_at__lt=long_ago)))
    _in_batches(lambda: _delete(ReportedIdentifier.objects.filter(created_at__lt=long_ago)))
    _in_batches(lambda: _delete(Suppression.objects.filter(cleared_at__lt=long_ago)))
    with transaction.atomic(), activity.allow_mutation():
        strangers = Entry.objects.filter(client=None, at__lt=long_ago).exclude(actor=Entry.Actor.STAFF)
        _in_batches(lambda: _delete(strangers))
    _in_batches(lambda: _delete(_forgotten_browsers(now)))
    uploads.forget_before(now - LISTS_KEPT)
    # That somebody looked, and why, stays on the timeline.
    _in_batches(lambda: _delete(Visit.objects.filter(expires_at__lt=now - VISITS_KEPT)))
    _in_batches(lambda: _delete(Notice.objects.filter(at__lt=now - NOTICES_KEPT)))


def _forgotten_browsers(now: datetime) -> QuerySet[ClientSession]:
    long_ago = now - settings.BROWSER_LIFETIME
    return ClientSession.objects.filter(used_at__lt=long_ago, expires_at__lt=long_ago)


def _in_batches(purge: Callable[[], int]) -> None:
    while purge() >= BATCH:
        pass


def _delete(rows: QuerySet) -> int:
    return rows.model.objects.filter(pk__in=rows.values("pk")[:BATCH]).delete()[0]
