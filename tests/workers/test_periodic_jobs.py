"""Periodic jobs run at the businesses they are for, and a failure at one keeps no other from its turn."""

import logging
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.clients.uploads import services as uploads
from portal.clients.uploads.models import Upload
from portal.intake.models import Enquiry
from portal.intake.services import enquiry_matching
from tenants.context import get_current_business, use_business
from tenants.models import Business, BusinessStatus
from tenants.nouns.job_declarations import PeriodicJob
from tests.noun_apps import install_noun_apps, make_noun_app
from workers.actors.periodic_jobs import PeriodicJobFailed, run_job_at_all_businesses, run_job_at_business
from workers.tenancy import BusinessNotFound

visited: list[str] = []


def record_visited_business(*, now):
    """Note the business, and fail at Acme."""
    name = get_current_business().name.split()[0]
    visited.append(name)
    if name == "Acme":
        raise ValueError("ana@example.com")


@pytest.fixture(autouse=True)
def _installed_periodic_job():
    """Install a noun with a job of this module."""
    visited.clear()
    job = PeriodicJob("visit", f"{__name__}.record_visited_business", timedelta(hours=1))
    with install_noun_apps(make_noun_app(periodic_jobs=(job,))):
        yield


def test_a_job_runs_at_its_business_only(acme, globex):
    run_job_at_business.fn(business_id=str(globex.pk), job_name="visit")

    assert visited == ["Globex"]
    assert get_current_business() is None


def test_a_job_that_fails_at_its_business_is_retried(acme):
    with pytest.raises(ValueError, match="ana") as raised:
        run_job_at_business.fn(business_id=str(acme.pk), job_name="visit")
    assert raised.value.job_name == "visit", "by which Sentry names the job"
    assert run_job_at_business.options["max_retries"] == 3


def test_a_closed_business_has_no_jobs(acme, globex):
    Business.objects.filter(pk=globex.pk).update(status=BusinessStatus.CLOSED)

    with pytest.raises(BusinessNotFound):
        run_job_at_business.fn(business_id=str(globex.pk), job_name="visit")
    with pytest.raises(PeriodicJobFailed):
        run_job_at_all_businesses.fn(job_name="visit")
    assert visited == ["Acme"]


def test_a_job_failing_at_one_business_runs_at_the_others_and_is_reported(committed_db, acme, globex, caplog):
    with pytest.raises(PeriodicJobFailed, match="visit failed at 1 businesses"):
        run_job_at_all_businesses.fn(job_name="visit")

    assert sorted(visited) == ["Acme", "Globex"]
    assert get_current_business() is None
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info[1].business_id == acme.pk, "by which Sentry names the business"


@pytest.mark.parametrize(
    "run", [run_job_at_all_businesses.fn, lambda **ids: run_job_at_business.fn(business_id=uuid.uuid4(), **ids)]
)
def test_a_job_that_this_worker_does_not_know_is_discarded(acme, caplog, run):
    run(job_name="of-another-release")

    assert "unknown job discarded: of-another-release" in caplog.text
    assert visited == []


def test_enquiries_whose_job_was_lost_are_enqueued_again(acme, monkeypatch, django_capture_on_commit_callbacks):
    enqueued = []
    monkeypatch.setattr(enquiry_matching, "enqueue_row_job", lambda name, **ids: enqueued.append((name, ids["row_id"])))
    then = timezone.now() - timedelta(minutes=5)
    with use_business(acme):
        lost = {"name": "Nora Neu", "email": "nora@example.com", "network_digest": b"x", "received_at": then}
        enquiry = Enquiry.objects.create(idempotency_key=uuid.uuid4(), **lost)

    with django_capture_on_commit_callbacks(execute=True):
        run_job_at_business.fn(business_id=str(acme.pk), job_name="requeue-pending-enquiries")

    assert enqueued == [("match-enquiry", enquiry.pk)]


def test_stalled_uploads_of_every_business_are_enqueued_again(
    acme, globex, monkeypatch, django_capture_on_commit_callbacks
):
    enqueued = []
    monkeypatch.setattr(uploads, "enqueue_row_job", lambda name, **ids: enqueued.append((name, ids["business_id"])))
    then = timezone.now() - 2 * uploads.STALL_TIMEOUT
    for business in (acme, globex):
        with use_business(business):
            Upload.objects.create(
                name="list.csv", kind="csv", size=3, state="running", created_at=then, heartbeat_at=then
            )

    with django_capture_on_commit_callbacks(execute=True):
        run_job_at_all_businesses.fn(job_name="requeue-stalled-uploads")

    assert sorted(enqueued) == sorted([("process-upload", acme.pk), ("process-upload", globex.pk)])
