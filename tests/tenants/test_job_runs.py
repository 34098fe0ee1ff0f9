"""One worker at a time runs a job, and a job that fails three times for the same reason is stopped."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tenants import job_runs
from tenants.job_runs import LEASE, MAX_FAILURES, MAX_FAILURES_IN_ALL, OUTAGE_PAUSE, WORKER_LOST, JobIsRunning, JobKey
from tenants.models import JobRun
from tests.captured_statements import capture_statements

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LATER = NOW + LEASE + timedelta(seconds=1)
KEY = JobKey("process-upload", uuid.UUID(int=1), uuid.UUID(int=2))

pytestmark = pytest.mark.django_db


def fail(times: int, reason: str = "ValueError at x.py:1", key: JobKey = KEY) -> JobRun:
    """Let a job fail several times in a row."""
    for _time in range(times):
        run = job_runs.record_failure(key, reason, now=NOW)
    return run


def test_a_second_worker_does_not_run_a_job_while_the_first_has_its_lease():
    job_runs.begin_run(KEY, now=NOW)

    with pytest.raises(JobIsRunning):
        job_runs.begin_run(KEY, now=NOW + LEASE - timedelta(seconds=1))


def test_a_job_that_succeeds_takes_three_statements_and_no_transaction_within_another():
    with capture_statements() as captured:
        job_runs.finish_run(job_runs.begin_run(KEY, now=NOW))

    assert [statement.split()[0] for statement in captured.queries] == ["INSERT", "SELECT", "DELETE"]
    assert len([statement for statement in captured.sent if statement.startswith("RELEASE")]) == 1, "of the lease"


def test_a_renewed_lease_goes_on():
    run = job_runs.begin_run(KEY, now=NOW)
    job_runs.renew_lease(run, now=NOW + LEASE)

    with pytest.raises(JobIsRunning):
        job_runs.begin_run(KEY, now=LATER)


def test_the_lease_of_a_lost_worker_expires_and_its_loss_is_counted():
    job_runs.begin_run(KEY, now=NOW)

    run = job_runs.begin_run(KEY, now=LATER)

    assert (run.reason, run.failures, run.stopped_at) == (WORKER_LOST, 1, None)
    assert run.lease_token


def test_a_worker_that_lost_its_lease_changes_nothing():
    lost = job_runs.begin_run(KEY, now=NOW)
    job_runs.begin_run(KEY, now=LATER)

    job_runs.finish_run(lost)
    job_runs.release_run(lost)
    job_runs.renew_lease(lost, now=LATER + LEASE)

    assert JobRun.objects.get().leased_until == LATER + LEASE


def test_a_job_whose_worker_is_lost_three_times_is_stopped():
    now = NOW
    for _loss in range(MAX_FAILURES):
        assert job_runs.begin_run(KEY, now=now).stopped_at is None
        now += 2 * LEASE

    run = job_runs.begin_run(KEY, now=now)

    assert (run.stopped_at, run.lease_token) == (now, None)
    assert job_runs.begin_run(KEY, now=now + timedelta(days=9)).stopped_at == now


@pytest.mark.parametrize(("failures", "is_stopped"), [(MAX_FAILURES - 1, False), (MAX_FAILURES, True)])
def test_a_job_is_stopped_by_its_last_failure_and_not_before(failures, is_stopped):
    assert (fail(failures).stopped_at is not None) == is_stopped


def test_another_reason_begins_to_count_anew():
    fail(MAX_FAILURES - 1)
    fail(MAX_FAILURES - 1, "KeyError at y.py:2")

    assert fail(1).stopped_at is None


def test_reasons_that_alternate_stop_a_job_in_the_end():
    reasons = ["ValueError at x.py:1", "KeyError at y.py:2"] * MAX_FAILURES_IN_ALL

    runs = [fail(1, reason) for reason in reasons[:MAX_FAILURES_IN_ALL]]

    assert [run.stopped_at is not None for run in runs] == [False] * (MAX_FAILURES_IN_ALL - 1) + [True]
    job_runs.forget_failures(KEY)
    assert fail(1).stopped_at is None


def test_a_success_forgets_all_failures():
    fail(MAX_FAILURES - 1)
    job_runs.finish_run(job_runs.begin_run(KEY, now=NOW))

    assert not JobRun.objects.exists()


def test_a_job_that_a_person_asks_for_again_starts_anew():
    fail(MAX_FAILURES)

    job_runs.forget_failures(KEY)

    assert job_runs.begin_run(KEY, now=NOW).lease_token
    assert fail(1).failures == 1


def test_a_request_of_a_person_takes_no_lease_from_a_worker():
    job_runs.begin_run(KEY, now=NOW)

    job_runs.forget_failures(KEY)

    with pytest.raises(JobIsRunning):
        job_runs.begin_run(KEY, now=NOW)


def test_a_shutdown_is_no_failure():
    job_runs.release_run(job_runs.begin_run(KEY, now=NOW))

    assert job_runs.begin_run(KEY, now=NOW).failures == 0


def test_failures_of_an_outage_count_once_in_a_while():
    for minutes in range(4):
        now = NOW + timedelta(minutes=minutes)
        assert job_runs.record_failure(KEY, "OSError at z.py:3", is_outage=True, now=now).failures == 1

    now = NOW + OUTAGE_PAUSE
    assert job_runs.record_failure(KEY, "OSError at z.py:3", is_outage=True, now=now).failures == 2


def test_work_that_comes_back_by_itself_is_tried_once_more_after_its_wait():
    key = JobKey("purge", uuid.UUID(int=1), retry_after=timedelta(days=1))
    fail(MAX_FAILURES, key=key)

    assert job_runs.begin_run(key, now=NOW + timedelta(hours=23)).lease_token is None
    assert job_runs.begin_run(key, now=NOW + timedelta(hours=25)).lease_token
    assert job_runs.record_failure(key, "ValueError at x.py:1", now=NOW + timedelta(hours=25)).stopped_at


def test_jobs_of_other_rows_businesses_and_names_are_counted_apart():
    fail(MAX_FAILURES)
    others = [
        JobKey("process-upload", uuid.UUID(int=1), uuid.UUID(int=3)),
        JobKey("process-upload", uuid.UUID(int=9), uuid.UUID(int=2)),
        JobKey("match-enquiry", uuid.UUID(int=1), uuid.UUID(int=2)),
        JobKey("process-upload", uuid.UUID(int=1)),
        JobKey("process-upload"),
    ]

    assert all(job_runs.begin_run(key, now=NOW).lease_token for key in others)
    for key in others:
        with pytest.raises(JobIsRunning):
            job_runs.begin_run(key, now=NOW)


def test_old_runs_are_purged_and_young_ones_stay():
    fail(MAX_FAILURES)
    assert job_runs.purge_job_runs(NOW + timedelta(days=29), 10) == 0
    assert job_runs.purge_job_runs(NOW + timedelta(days=31), 10) == 1
