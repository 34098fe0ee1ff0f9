"""The guard around every background job: one worker at a time, and an end to what fails again and again.

A job that fails three times in a row for the same reason, or whose worker is lost three times while it runs it, is
stopped: it is not run again by retries, schedules and pages. Operators are paged by an ERROR in the log, and what
waits for the job is told by its noun.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from dramatiq.middleware import Shutdown
from dramatiq.middleware.threading import Interrupt

from tenants import database_clock, job_runs
from tenants.context import use_public
from tenants.job_runs import JobKey
from tenants.models import JobRun
from workers.queue.brokers import BROKER_ERRORS

log = logging.getLogger(__name__)

# Work that comes back by itself, such as purges, is tried again by itself: the reason may be gone.
RETRY_STOPPED_AFTER = timedelta(days=1)
# Classes of SQLSTATE that say the connection or the server went away, not that the statement was wrong.
OUTAGE_SQLSTATES = ("08", "57P")


class ServiceUnavailable(Exception):
    """A service of others, such as a provider, can't be reached or does not work for now."""


def run_guarded(key: JobKey, run: Callable[[], Any], *, on_stop: Callable[[datetime], None] | None = None) -> Any:
    """Run a job and return its result, or None if it is stopped. Raises JobIsRunning.

    An error is raised again, so that the job is retried, unless it was the last one allowed. `on_stop` is called once,
    when the job is stopped.
    """
    now = database_clock.now()
    with use_public():
        job_run = job_runs.begin_run(key, now=now)
    if job_run.lease_token is None:
        if job_run.stopped_at == now:
            _report_stopped_job(job_run, on_stop, now)
        return None
    with _record_outcome(key, job_run, on_stop), _keep_lease(job_run):
        return run()
    return None


def count_failure(key: JobKey, error: BaseException) -> bool:
    """Count the failure of a job that needs no lease, and return whether that was the last one allowed."""
    now = database_clock.now()
    with use_public():
        job_run = job_runs.record_failure(key, describe_error(error), is_outage=is_outage(error), now=now)
    if job_run.stopped_at == now:
        _report_stopped_job(job_run, None, now, error)
    return job_run.stopped_at is not None


def describe_error(error: BaseException) -> str:
    """Return the class of an error and the place in our code where it was raised, without its text."""
    if isinstance(error, Interrupt):
        # It is thrown into whatever line the thread is at.
        return type(error).__name__
    root = f"{settings.BASE_DIR}/"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(root)]
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    place = f" at {ours[-1].filename.removeprefix(root)}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"[:200]


def is_outage(error: BaseException) -> bool:
    """Return whether an error says that a service could not be reached."""
    if isinstance(error, OperationalError | InterfaceError):
        sqlstate = getattr(error.__cause__, "sqlstate", None)
        return sqlstate is None or sqlstate.startswith(OUTAGE_SQLSTATES)
    return isinstance(error, (ServiceUnavailable, *BROKER_ERRORS))


@contextmanager
def _record_outcome(key: JobKey, job_run: JobRun, on_stop: Callable[[datetime], None] | None) -> Iterator[None]:
    """Record how a run ended. An error is suppressed if the job is stopped by it."""
    try:
        yield
    except (Shutdown, KeyboardInterrupt, SystemExit):
        with suppress(DatabaseError, InterfaceError), use_public():
            job_runs.release_run(job_run)
        raise
    except BaseException as error:
        if not _stop_after_failure(key, error, on_stop):
            raise
    else:
        with use_public():
            job_runs.finish_run(job_run)


def _stop_after_failure(key: JobKey, error: BaseException, on_stop: Callable[[datetime], None] | None) -> bool:
    """Count a failure, and return whether the job is stopped now. While the database is away, nothing is counted."""
    now = database_clock.now()
    try:
        with use_public():
            job_run = job_runs.record_failure(key, describe_error(error), is_outage=is_outage(error), now=now)
    except (DatabaseError, InterfaceError):
        return False
    if job_run.stopped_at is None:
        return False
    _report_stopped_job(job_run, on_stop, now, error)
    return True


@contextmanager
def _keep_lease(job_run: JobRun) -> Iterator[None]:
    """Renew the lease of a run until the block ends, in a thread with a connection of its own."""
    ended = Event()
    interval = job_runs.LEASE.total_seconds() / 3

    def renew() -> None:
        while not ended.wait(interval):
            with suppress(DatabaseError, InterfaceError):
                job_runs.renew_lease(job_run, now=database_clock.now())
        connection.close()

    thread = Thread(target=renew, name="job-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _report_stopped_job(
    job_run: JobRun, on_stop: Callable[[datetime], None] | None, now: datetime, error: BaseException | None = None
) -> None:
    """Page the operators, and tell what waits for the job. An error of the noun's function doesn't start it again."""
    details = job_run.job, job_run.business_id, job_run.row_id, job_run.reason
    log.error("job stopped: %s of business %s about row %s: %s", *details, exc_info=error)
    if on_stop:
        try:
            on_stop(now)
        except Exception:
            log.exception("%s could not tell that it was stopped", job_run.job)
