"""Leases and failures of background jobs: one worker at a time runs a job, and one that keeps failing is stopped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from tenants.models import JobRun
from tenants.purging import delete_batch

MAX_FAILURES = 3
# Reasons that alternate end, too.
MAX_FAILURES_IN_ALL = 9
# A worker renews its lease three times in this time. A broker redelivers the message of a lost worker later.
LEASE = timedelta(seconds=12)
# Failures that an outage explains count once in this time.
OUTAGE_PAUSE = timedelta(minutes=5)
RETENTION = timedelta(days=30)
WORKER_LOST = "worker lost"


class JobIsRunning(Exception):
    """Another worker runs this job right now."""


@dataclass(frozen=True)
class JobKey:
    """What a job is about: its name, and the business and row, if any.

    A job with `retry_after` is tried once more that long after it was stopped; any other waits for an operator.
    """

    job: str
    business_id: UUID | None = None
    row_id: UUID | None = None
    retry_after: timedelta | None = None


@transaction.atomic
def begin_run(key: JobKey, *, now: datetime) -> JobRun:
    """Lease a job before it runs; the run that is returned is not to be run if it is stopped. Raises JobIsRunning.

    An expired lease counts as a failure of the worker that held it.
    """
    identity = {"job": key.job, "business_id": key.business_id, "row_id": key.row_id}
    lease = {"lease_token": uuid4(), "leased_until": now + LEASE, "started_at": now}
    # One statement that inserts the row or locks it as it is: quick jobs run at every business every few minutes.
    JobRun.objects.bulk_create(
        [JobRun(**identity, **lease)], update_conflicts=True, unique_fields=[*identity], update_fields=["job"]
    )
    run = JobRun.objects.get(**identity)
    if run.lease_token == lease["lease_token"]:
        return run
    if run.stopped_at and not (key.retry_after and now - run.stopped_at >= key.retry_after):
        return run
    if run.lease_token and run.leased_until and run.leased_until > now:
        raise JobIsRunning
    run.stopped_at = None
    if run.lease_token:
        _count_failure(run, WORKER_LOST, now)
    for name, value in lease.items():
        setattr(run, name, None if run.stopped_at and name != "started_at" else value)
    run.save()
    return run


def renew_lease(run: JobRun, *, now: datetime) -> None:
    """Prolong the lease of a run, unless another worker has it."""
    JobRun.objects.filter(pk=run.pk, lease_token=run.lease_token).update(leased_until=now + LEASE)


def finish_run(run: JobRun) -> None:
    """Forget a run that succeeded."""
    JobRun.objects.filter(pk=run.pk, lease_token=run.lease_token).delete()


def release_run(run: JobRun) -> None:
    """End a lease without a result: the worker shuts down, or the database went away."""
    JobRun.objects.filter(pk=run.pk, lease_token=run.lease_token).update(lease_token=None, leased_until=None)


@transaction.atomic
def record_failure(key: JobKey, reason: str, *, is_outage: bool = False, now: datetime) -> JobRun:
    """Count a failure, release the lease, and return the run: stopped if that was the last failure allowed."""
    identity = {"job": key.job, "business_id": key.business_id, "row_id": key.row_id}
    run, _is_new = JobRun.objects.select_for_update(no_key=True).get_or_create(**identity, defaults={"started_at": now})
    if not (is_outage and run.failed_at and now - run.failed_at < OUTAGE_PAUSE):
        _count_failure(run, reason, now)
    run.lease_token = run.leased_until = None
    run.save()
    return run


def forget_failures(key: JobKey) -> None:
    """Let a job start anew, also one that was stopped, because a person asks for it. A lease is kept."""
    runs = JobRun.objects.filter(job=key.job, business_id=key.business_id, row_id=key.row_id)
    runs.update(failures=0, failures_in_all=0, reason="", failed_at=None, stopped_at=None)


def list_stopped_runs() -> QuerySet[JobRun]:
    """Return the runs of stopped jobs, the oldest first."""
    return JobRun.objects.exclude(stopped_at=None).order_by("stopped_at", "pk")


def purge_job_runs(now: datetime, limit: int) -> int:
    """Delete at most `limit` runs that have not been heard of for long; return how many."""
    old = now - RETENTION
    return delete_batch(JobRun.objects.filter(Q(failed_at=None) | Q(failed_at__lt=old), started_at__lt=old), limit)


def _count_failure(run: JobRun, reason: str, now: datetime) -> None:
    run.failures = run.failures + 1 if reason == run.reason else 1
    run.failures_in_all = min(run.failures_in_all + 1, MAX_FAILURES_IN_ALL)
    run.reason, run.failed_at = reason, now
    if run.failures >= MAX_FAILURES or run.failures_in_all >= MAX_FAILURES_IN_ALL:
        run.stopped_at = now
