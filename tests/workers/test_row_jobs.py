"""A noun's job about one row runs inside its business, within the limits that the noun declares."""

import json
import time
import uuid
from datetime import timedelta
from inspect import signature

import dramatiq
import pytest
from django.db import connection
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import TimeLimitExceeded

from portal.clients.uploads import upload_processing
from portal.clients.uploads.models import Upload
from tenants import database_clock
from tenants.context import get_current_business, use_business
from tenants.models import Business, BusinessStatus, Queue
from tenants.nouns import registry
from tenants.nouns.job_declarations import RowJob
from tests.noun_apps import install_noun_apps, make_noun_app
from workers.actors.row_jobs import run_row_job
from workers.dramatiq_middleware import build_middleware
from workers.queue import enqueue_row_job, enqueueing
from workers.tenancy import BusinessNotFound, InvalidId

calls: list[tuple] = []


def record_call(row_id, *, clock):
    """Note the business, the row and the clock."""
    calls.append((get_current_business(), row_id, clock))


def fail(row_id, *, clock):
    """Fail at any row."""
    raise ValueError(str(row_id))


def run_too_long(row_id, *, clock):
    """Run until the job is aborted."""
    try:
        while True:
            time.sleep(0.01)
    except TimeLimitExceeded:
        calls.append((get_current_business(), row_id, "aborted"))
        raise


def _close_connection():
    """Close the connection of the worker's thread."""
    connection.close()


def build_job(name, function, time_limit=timedelta(seconds=20)):
    return RowJob(
        name, f"{__name__}.{function.__name__}", Queue.NOTICES, max_age=timedelta(minutes=5), time_limit=time_limit
    )


@pytest.fixture(autouse=True)
def _noun_with_jobs():
    """Install a noun with the jobs of this module."""
    calls.clear()
    jobs = (
        build_job("record-call", record_call),
        build_job("fail", fail),
        build_job("run-too-long", run_too_long, time_limit=timedelta(milliseconds=100)),
    )
    with install_noun_apps(make_noun_app(row_jobs=jobs)):
        yield


@pytest.fixture
def run_enqueued_jobs(monkeypatch):
    """Return a function that lets a worker of the notices queue run what is enqueued, and counts the dead letters."""
    broker = StubBroker(middleware=build_middleware())
    broker.declare_queue(Queue.NOTICES)
    broker.emit_after("process_boot")
    dramatiq.actor(run_row_job.fn, broker=broker, **run_row_job.options | {"max_retries": 0})
    close_connection = dramatiq.actor(_close_connection, broker=broker, queue_name=Queue.NOTICES)
    monkeypatch.setattr(enqueueing, "get_broker", lambda: broker)
    worker = dramatiq.Worker(broker, queues={"notices"}, worker_threads=1, worker_timeout=20)
    worker.start()

    def run_all():
        broker.join(Queue.NOTICES, timeout=100_000, fail_fast=False)
        worker.join()
        return len(broker.dead_letters)

    yield run_all
    close_connection.send()
    run_all()
    worker.stop()
    broker.close()


def test_a_job_runs_inside_its_business_with_its_row_and_a_clock(acme):
    row_id = uuid.uuid4()

    run_row_job.fn(business_id=str(acme.pk), job_name="record-call", row_id=str(row_id))

    assert calls == [(acme, row_id, database_clock.now)]
    assert get_current_business() is None


def test_a_job_that_fails_is_retried_and_reported_with_its_name_and_business(acme):
    with pytest.raises(ValueError, match="-") as raised:
        run_row_job.fn(business_id=str(acme.pk), job_name="fail", row_id=str(uuid.uuid4()))

    assert (raised.value.job_name, raised.value.business_id) == ("fail", acme.pk)
    assert run_row_job.options["max_retries"] == 3


def test_a_job_without_an_open_business_or_a_row_id_is_not_retried(acme, globex):
    Business.objects.filter(pk=globex.pk).update(status=BusinessStatus.CLOSED)

    for business_id in (str(globex.pk), str(uuid.uuid4())):
        with pytest.raises(BusinessNotFound):
            run_row_job.fn(business_id=business_id, job_name="record-call", row_id=str(uuid.uuid4()))
    for ids in ({"business_id": "acme", "row_id": str(uuid.uuid4())}, {"business_id": str(acme.pk), "row_id": "7"}):
        with pytest.raises(InvalidId):
            run_row_job.fn(job_name="record-call", **ids)
    assert calls == []
    assert run_row_job.options["throws"] == (BusinessNotFound, InvalidId)


def test_a_job_that_this_worker_does_not_know_is_discarded(acme, caplog):
    run_row_job.fn(business_id=str(acme.pk), job_name="of-another-release", row_id=str(uuid.uuid4()))

    assert "unknown job discarded: of-another-release" in caplog.text


def test_a_message_carries_the_job_its_row_and_its_limits_and_nothing_else(redis_db):
    business_id, row_id = uuid.uuid4(), uuid.uuid4()

    assert enqueue_row_job("record-call", business_id=business_id, row_id=row_id)

    [message] = map(json.loads, redis_db.hvals("dramatiq:notices.msgs"))
    assert message["actor_name"] == "run_row_job"
    assert message["kwargs"] == {"business_id": str(business_id), "job_name": "record-call", "row_id": str(row_id)}
    message["options"].pop("redis_message_id")
    assert message["options"] == {"max_age": 300_000, "time_limit": 20_000}


@pytest.mark.slow
def test_a_worker_of_the_declared_queue_runs_a_job(committed_db, acme, run_enqueued_jobs):
    row_id = uuid.uuid4()

    enqueue_row_job("record-call", business_id=acme.pk, row_id=row_id)

    assert run_enqueued_jobs() == 0
    assert calls == [(acme, row_id, database_clock.now)]


@pytest.mark.slow
def test_a_job_that_takes_longer_than_its_limit_is_aborted(committed_db, acme, run_enqueued_jobs):
    row_id = uuid.uuid4()

    enqueue_row_job("run-too-long", business_id=acme.pk, row_id=row_id)

    assert run_enqueued_jobs() == 1
    assert calls == [(acme, row_id, "aborted")]


def test_every_declared_job_has_a_function_that_takes_a_row_and_the_clock():
    for job in registry.get_row_jobs().values():
        row_parameter, *others = signature(registry.import_dotted_path(job.run)).parameters
        assert (row_parameter.endswith("_id"), others) == (True, ["clock"]), job.name


def test_an_upload_is_processed_by_its_job_with_helper_threads(acme, monkeypatch):
    processed = []
    monkeypatch.setattr(upload_processing, "process_upload", lambda *row, **options: processed.append((*row, options)))
    with use_business(acme):
        upload = Upload.objects.create(name="list.csv", kind="csv", size=3, created_at=database_clock.now())

    run_row_job.fn(business_id=str(acme.pk), job_name="process-upload", row_id=str(upload.pk))

    assert processed == [(upload.pk, {"clock": database_clock.now, "helpers": upload_processing.HELPER_COUNT})]
