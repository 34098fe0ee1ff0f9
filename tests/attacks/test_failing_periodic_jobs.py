"""W14: deliveries, provider events, purges and periodic jobs that fail the same way three times end or pause."""

import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from dramatiq.middleware import Shutdown, TimeLimitExceeded

from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants import database_clock, job_runs, provider_events
from tenants.context import get_current_business, use_business
from tenants.models import Channel, Delivery, DeliveryState, JobRun, ProviderEvent, Queue
from workers import sweeper
from workers.actors import delivery_jobs, housekeeping, periodic_jobs
from workers.job_guard import RETRY_STOPPED_AFTER

SECRET = "ana@example.com"  # what an error quotes


class UnforeseenError(Exception):
    """A fault of ours that nobody has thought of."""


def raise_unforeseen_error(*_arguments, **_options):
    """Fail in the same place for the same reason."""
    raise UnforeseenError(SECRET)


def test_a_delivery_that_raises_the_same_error_three_times_has_failed(acme, monkeypatch):
    now = database_clock.now()
    with use_business(acme):
        message = messaging.build_message("new-message", channel=Channel.EMAIL, to="bo@example.com", now=now)
        messaging.enqueue_message(message, queue=Queue.NOTICES, deadline=now + timedelta(hours=1), now=now)
    monkeypatch.setattr(delivery_jobs, "compose_message", raise_unforeseen_error)
    delivery = Delivery.objects.get()

    for seconds in range(0, 600, 60):
        try:
            delivery_jobs.deliver_now(delivery.pk, clock=lambda seconds=seconds: now + timedelta(seconds=seconds))
        except UnforeseenError:
            continue

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.attempt) == (DeliveryState.FAILED, "unrenderable", 3)
    with use_business(acme):
        assert Message.objects.get().state == DeliveryState.FAILED


def test_an_event_that_can_not_be_applied_is_left_alone(db, monkeypatch):
    now = database_clock.now()
    event = ProviderEvent.objects.create(
        provider="sendgrid",
        provider_event_id="1",
        delivery_id=uuid.uuid4(),
        state=DeliveryState.DELIVERED,
        happened_at=now,
        received_at=now - timedelta(minutes=1),
    )
    monkeypatch.setattr(delivery_jobs, "apply_event", raise_unforeseen_error)
    sweep = sweeper.Sweeper(clock=lambda: now)
    try:
        for _round in range(5):
            sweep._apply_events()
    finally:
        sweep.stop()

    assert provider_events.list_pending_events(now, 10) == []
    assert JobRun.objects.get(row_id=event.pk).failures == job_runs.MAX_FAILURES


def test_a_purge_that_keeps_failing_pauses_for_a_day_at_this_business_only(acme, globex, monkeypatch):
    purged = []

    def purge(path, now):
        purged.append(get_current_business())
        return get_current_business() != acme

    monkeypatch.setattr(housekeeping, "_try_purge", purge)
    for _day in range(5):
        for business in (acme, globex):
            try:
                housekeeping.purge_expired_business_rows.fn(business_id=str(business.pk))
            except housekeeping.PurgeFailed:
                continue
    paths = len(housekeeping.registry.list_purge_paths())

    assert purged.count(acme) == job_runs.MAX_FAILURES * paths
    assert purged.count(globex) == 5 * paths
    JobRun.objects.update(stopped_at=database_clock.now() - RETRY_STOPPED_AFTER)
    housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))
    assert purged.count(acme) == (job_runs.MAX_FAILURES + 1) * paths


def test_a_quick_job_that_keeps_failing_at_one_business_leaves_it_out_and_goes_on_elsewhere(
    committed_db, acme, globex, monkeypatch
):
    seen = []

    def requeue(*, now):
        seen.append(get_current_business())
        if get_current_business() == acme:
            raise UnforeseenError(SECRET)

    monkeypatch.setattr(periodic_jobs.registry, "import_dotted_path", lambda _path: requeue)
    for _round in range(6):
        try:
            periodic_jobs.run_job_at_all_businesses.fn(job_name="requeue-stalled-uploads")
        except periodic_jobs.PeriodicJobFailed:
            continue

    assert (seen.count(acme), seen.count(globex)) == (job_runs.MAX_FAILURES, 6)


def test_a_quick_job_that_takes_too_long_at_one_business_is_stopped_there_and_runs_elsewhere(
    committed_db, acme, globex, monkeypatch
):
    seen = []

    def requeue(*, now):
        seen.append(get_current_business())
        if get_current_business() == acme:
            raise TimeLimitExceeded

    monkeypatch.setattr(periodic_jobs.registry, "import_dotted_path", lambda _path: requeue)
    for _round in range(6):
        with suppress(TimeLimitExceeded):
            periodic_jobs.run_job_at_all_businesses.fn(job_name="requeue-stalled-uploads")

    assert seen.count(acme) == job_runs.MAX_FAILURES
    assert seen.count(globex) >= 5, "at most the first round ends before its turn"
    assert JobRun.objects.get().reason == "TimeLimitExceeded"


def test_two_workers_never_run_a_quick_job_at_one_business_at_once(committed_db, acme, globex, monkeypatch):
    seen = []

    def requeue(*, now):
        seen.append(get_current_business())
        if seen == [get_current_business()]:
            periodic_jobs.run_job_at_all_businesses.fn(job_name="requeue-stalled-uploads")

    monkeypatch.setattr(periodic_jobs.registry, "import_dotted_path", lambda _path: requeue)
    periodic_jobs.run_job_at_all_businesses.fn(job_name="requeue-stalled-uploads")

    first, other = seen[0], ({acme, globex} - {seen[0]}).pop()
    assert (seen.count(first), seen.count(other)) == (1, 2), "the second worker leaves out what the first one runs"
    assert not JobRun.objects.exists()


def test_a_quick_job_whose_worker_was_killed_runs_again_when_its_lease_has_ended(committed_db, acme, monkeypatch):
    seen, now = [], database_clock.now()
    monkeypatch.setattr(
        periodic_jobs.registry, "import_dotted_path", lambda _path: lambda *, now: seen.append(get_current_business())
    )
    lost = {"job": "requeue-stalled-uploads", "business_id": acme.pk, "lease_token": uuid.uuid4(), "started_at": now}
    JobRun.objects.create(**lost, leased_until=now + job_runs.LEASE)

    periodic_jobs.run_job_at_all_businesses.fn(job_name="requeue-stalled-uploads")
    assert acme not in seen
    JobRun.objects.update(leased_until=now)
    periodic_jobs.run_job_at_all_businesses.fn(job_name="requeue-stalled-uploads")

    assert seen.count(acme) == 1


def test_a_quick_job_that_kills_its_worker_at_one_business_three_times_is_stopped_there(
    committed_db, acme, globex, monkeypatch
):
    seen, now = [], database_clock.now()
    lost = {"lease_token": uuid.uuid4(), "leased_until": now}

    def requeue(*, now):
        seen.append(get_current_business())

    monkeypatch.setattr(periodic_jobs.registry, "import_dotted_path", lambda _path: requeue)
    failed = {"failures": 2, "failures_in_all": 2, "reason": job_runs.WORKER_LOST, "failed_at": now}
    JobRun.objects.create(job="requeue-stalled-uploads", business_id=acme.pk, started_at=now, **lost, **failed)

    periodic_jobs.run_job_at_all_businesses.fn(job_name="requeue-stalled-uploads")

    assert (seen.count(acme), seen.count(globex)) == (0, 1)
    assert JobRun.objects.get(business_id=acme.pk).stopped_at


def test_a_shutdown_during_a_quick_job_is_no_failure(committed_db, acme, monkeypatch):
    def shut_down(*, now):
        raise Shutdown

    monkeypatch.setattr(periodic_jobs.registry, "import_dotted_path", lambda _path: shut_down)

    with pytest.raises(Shutdown):
        periodic_jobs.run_job_at_all_businesses.fn(job_name="requeue-stalled-uploads")

    run = JobRun.objects.get()
    assert (run.failures, run.lease_token) == (0, None), "another worker may run it at once"


def test_the_notices_of_imports_are_a_job_of_each_business_that_one_worker_runs_at_a_time():
    assert not periodic_jobs.registry.get_periodic_jobs()["notify-of-imported-addresses"].is_quick
