"""Deletion of rows that are past their retention period.

Rows are deleted in small batches, each in a transaction of its own, so that no lock is held for long.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import dramatiq
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from tenants import database_clock, delivery_outages, job_runs, outbox, provider_events
from tenants.job_runs import JobIsRunning, JobKey
from tenants.models import (
    FailedAttemptCount,
    Queue,
    RecipientBudget,
    SentSms,
    SmsStop,
    StaffEmail,
    UnreadableEvent,
)
from tenants.nouns import registry
from tenants.purging import delete_batch
from tenants.sliding_windows import DAY
from tenants.sms_limits import usage as sms_usage
from workers.job_guard import RETRY_STOPPED_AFTER, run_guarded
from workers.tenancy import business_scoped_actor

log = logging.getLogger(__name__)

BATCH_SIZE = 500
FAILED_ATTEMPT_RETENTION = timedelta(days=2)
PURGE_OPTIONS: dict[str, Any] = {
    "queue_name": Queue.BULK,
    "max_retries": 3,
    "max_age": 3_600_000,
    "time_limit": 600_000,
}


class PurgeFailed(Exception):
    """Some purges failed at a business; each failure has been logged."""


@dramatiq.actor(**PURGE_OPTIONS)
def purge_expired_platform_rows() -> None:
    """Delete old deliveries, staff emails, providers' events, outages, job runs, texts, sessions and failed codes."""
    with suppress(JobIsRunning):
        run_guarded(JobKey("purge_expired_platform_rows", retry_after=RETRY_STOPPED_AFTER), _purge_platform_rows)


def _purge_platform_rows() -> None:
    now = database_clock.now()
    cutoff = now - settings.DELIVERY_RETENTION
    _purge_in_batches(partial(job_runs.purge_job_runs, now))
    _purge_in_batches(partial(outbox.purge_deliveries, cutoff))
    _purge_in_batches(partial(provider_events.purge_provider_events, cutoff))
    _purge_rows(UnreadableEvent.objects.filter(last_at__lt=cutoff))
    _purge_rows(StaffEmail.objects.filter(created_at__lt=cutoff, expires_at__lt=now))
    delivery_outages.purge_outages(cutoff)
    _purge_rows(SentSms.objects.filter(sent_at__lt=now - sms_usage.RETENTION))
    _purge_rows(SmsStop.objects.filter(ends_at__lt=now - sms_usage.RETENTION))
    _purge_rows(Session.objects.filter(expire_date__lt=now))
    _purge_rows(UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")))
    _purge_rows(FailedAttemptCount.objects.filter(bucket_at__lt=now - FAILED_ATTEMPT_RETENTION))
    _purge_rows(RecipientBudget.objects.filter(used_at__lt=now - DAY))


@business_scoped_actor(**PURGE_OPTIONS)
def purge_expired_business_rows() -> None:
    """Delete the rows of one business that its nouns keep no longer. Raises PurgeFailed."""
    now = database_clock.now()
    if failed := [path for path in registry.list_purge_paths() if not _try_purge(path, now)]:
        raise PurgeFailed(", ".join(failed))


def _try_purge(path: str, now: datetime) -> bool:
    """Run one noun's purge and tell whether it succeeded; an error is logged, so that others have their turn."""
    try:
        _purge_in_batches(partial(registry.import_dotted_path(path), now))
    except Exception:
        log.exception("%s failed", path)
        return False
    return True


def _purge_rows(rows: QuerySet) -> None:
    _purge_in_batches(partial(delete_batch, rows))


def _purge_in_batches(purge: Callable[[int], int]) -> None:
    """Call a purge, which takes the size of a batch, until it finds less than that."""
    is_finished = False
    while not is_finished:
        with transaction.atomic():
            is_finished = purge(BATCH_SIZE) < BATCH_SIZE
