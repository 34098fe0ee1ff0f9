"""W14: a job that fails the same way three times ends, says so to those who wait, and pages the operator."""

import io
import logging
import uuid
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from portal.clients.uploads import row_staging, services, upload_processing
from portal.clients.uploads.models import Upload
from portal.intake.models import Enquiry
from portal.intake.services import enquiry_matching
from portal.messaging.models import Notification
from tenants import database_clock, job_runs
from tenants.context import use_business
from tenants.metrics_collector import DatabaseCollector
from tenants.models import JobRun
from tests.factories import create_member
from workers.actors.row_jobs import run_row_job

PAGE = "/console/acme/clients/uploads/"
LIST = b"Name,Email\nAna,ana@example.com\n"
SECRET = "ana@example.com"  # what an error quotes


class UnforeseenError(Exception):
    """A fault of ours that nobody has thought of."""


def raise_unforeseen_error(*_arguments, **_options):
    """Fail in the same place for the same reason."""
    raise UnforeseenError(SECRET)


def raise_unreachable(*_arguments, **_options):
    """Fail since a service is away."""
    raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def checking_upload(acme) -> Upload:
    """An upload whose check has begun."""
    with use_business(acme):
        now = database_clock.now()
        upload = services.receive_upload(chunks=[LIST], name="list.csv", size=len(LIST), staff=None, now=now)
        services.map_columns(upload=upload, targets=["name", "email"], now=now, inline=True)
    return upload


def run_job(business, row, job="process-upload", *, times=1) -> int:
    """Run a job about a row several times, as retries, schedules and pages would; return how often it raised."""
    raised = 0
    for _time in range(times):
        try:
            run_row_job.fn(business_id=str(business.pk), job_name=job, row_id=str(row.pk))
        except UnforeseenError:
            raised += 1
    return raised


def reload(business, row):
    """Return a row as it is stored."""
    with use_business(business):
        row.refresh_from_db()
    return row


def test_a_check_that_keeps_failing_ends_and_is_not_run_again(acme, checking_upload, monkeypatch):
    monkeypatch.setattr(row_staging, "copy_rows", raise_unforeseen_error)

    assert run_job(acme, checking_upload, times=10) == job_runs.MAX_FAILURES - 1

    assert reload(acme, checking_upload).state == "failed"
    with use_business(acme):
        assert not services.query_stalled_uploads(now=database_clock.now() + timedelta(days=1)).exists()


def test_who_waits_for_a_list_reads_what_happened_and_what_to_do(acme, checking_upload, monkeypatch, staff_client):
    monkeypatch.setattr(row_staging, "copy_rows", raise_unforeseen_error)
    browser = staff_client("manager")
    run_job(acme, checking_upload, times=3)

    page = browser.get(f"{PAGE}{checking_upload.pk}/progress/", follow=True).content.decode()
    answer = browser.post(f"{PAGE}{checking_upload.pk}/removal/", follow=True)

    assert "We could not process this list" in page
    assert "Discard this list" in page
    assert "List discarded." in answer.content.decode()
    with use_business(acme):
        assert not Upload.objects.exists()


def test_staff_who_may_upload_are_notified_once(acme, checking_upload, monkeypatch):
    managers = {create_member(acme, role).person_id for role in ("owner", "manager")}
    reader = create_member(acme, "read-only").person_id
    monkeypatch.setattr(row_staging, "copy_rows", raise_unforeseen_error)

    run_job(acme, checking_upload, times=5)

    with use_business(acme):
        notified = list(Notification.objects.filter(kind="job-stopped"))
    assert {(each.subject, each.path) for each in notified} == {("list.csv", f"clients/uploads/{checking_upload.pk}/")}
    people = [each.person_id for each in notified]
    assert len(people) == len(set(people))
    assert managers <= set(people)
    assert reader not in people


def test_the_operator_is_paged_once_with_the_job_its_business_and_its_row_and_no_address(
    acme, checking_upload, monkeypatch, caplog
):
    monkeypatch.setattr(row_staging, "copy_rows", raise_unforeseen_error)
    caplog.set_level(logging.ERROR, logger="workers.job_guard")

    run_job(acme, checking_upload, times=6)

    [record] = [record for record in caplog.records if record.name == "workers.job_guard"]
    text = record.getMessage()
    assert record.levelname == "ERROR"
    assert all(part in text for part in ("process-upload", str(acme.pk), str(checking_upload.pk), "UnforeseenError"))
    assert SECRET not in text
    assert record.exc_info
    run = JobRun.objects.get()
    assert "UnforeseenError at tests/attacks/test_failing_jobs.py:" in run.reason
    assert SECRET not in run.reason


def test_a_stopped_job_is_counted_by_the_metrics(acme, checking_upload, monkeypatch):
    monkeypatch.setattr(row_staging, "copy_rows", raise_unforeseen_error)
    run_job(acme, checking_upload, times=3)

    samples = [sample for family in DatabaseCollector().collect() for sample in family.samples]

    assert ("portico_jobs_stopped", {"job": "process-upload"}, 1.0) in [sample[:3] for sample in samples]


def test_an_import_that_keeps_failing_ends_with_what_it_wrote_and_can_be_undone(
    acme, checking_upload, monkeypatch, staff_client
):
    browser = staff_client("manager")
    run_job(acme, checking_upload)
    with use_business(acme):
        services.start_import(
            upload=checking_upload, on_match="skip", staff=None, now=database_clock.now(), inline=True
        )
    with monkeypatch.context() as patch:
        patch.setattr(upload_processing, "import_chunk", raise_unforeseen_error)
        run_job(acme, checking_upload, times=4)

    page = browser.get(f"{PAGE}{checking_upload.pk}/").content.decode()

    assert (reload(acme, checking_upload).state, checking_upload.failure) == ("done", "import-stopped")
    assert "The import stopped before its end." in page


def test_an_import_that_was_stopped_is_undone_to_its_end(acme, checking_upload, monkeypatch):
    run_job(acme, checking_upload)
    with use_business(acme), monkeypatch.context() as patch:
        now = database_clock.now()
        services.start_import(upload=checking_upload, on_match="skip", staff=None, now=now, inline=True)
        patch.setattr(upload_processing, "import_chunk", raise_unforeseen_error)
        run_job(acme, checking_upload, times=4)
        services.undo_import(upload=checking_upload, staff=None, now=now)

    run_job(acme, checking_upload)

    assert reload(acme, checking_upload).state == "undone"


def test_a_list_whose_check_was_stopped_is_checked_and_imported_with_other_columns(acme, checking_upload, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(row_staging, "copy_rows", raise_unforeseen_error)
        run_job(acme, checking_upload, times=4)
    now = database_clock.now()

    with use_business(acme):
        services.map_columns(upload=checking_upload, targets=["first-name", "email"], now=now, inline=True)
    run_job(acme, checking_upload)
    assert reload(acme, checking_upload).state == "checked"
    with use_business(acme):
        services.start_import(upload=checking_upload, on_match="skip", staff=None, now=now, inline=True)
    run_job(acme, checking_upload)

    assert reload(acme, checking_upload).state == "done"


def test_an_operator_resumes_a_stopped_job_once_its_reason_is_gone(acme, checking_upload, monkeypatch, redis_db):
    with monkeypatch.context() as patch:
        patch.setattr(row_staging, "copy_rows", raise_unforeseen_error)
        run_job(acme, checking_upload, times=3)
    listed, resumed = io.StringIO(), io.StringIO()
    call_command("stopped_jobs", stdout=listed)
    call_command("stopped_jobs", "process-upload", "--resume", stdout=resumed)

    assert str(checking_upload.pk) in listed.getvalue()
    assert "1 jobs are run again." in resumed.getvalue()
    assert reload(acme, checking_upload).state == "checking"
    run_job(acme, checking_upload)
    assert reload(acme, checking_upload).state == "checked"


def test_an_outage_stops_no_job(acme, checking_upload, monkeypatch):
    monkeypatch.setattr(row_staging, "copy_rows", raise_unreachable)
    for _time in range(6):
        with pytest.raises(OperationalError):
            run_job(acme, checking_upload)

    assert reload(acme, checking_upload).state == "checking"


@pytest.mark.parametrize("state", ["received", "checking", "checked", "running", "undoing", "failed"])
def test_no_state_keeps_an_upload_from_being_discarded_or_stopped(acme, checking_upload, staff_client, state):
    browser = staff_client("manager")
    with use_business(acme):
        Upload.objects.update(state=state)

    answer = browser.post(f"{PAGE}{checking_upload.pk}/removal/")

    assert answer.status_code == 302
    with use_business(acme):
        left = Upload.objects.first()
    assert left is None or (state, left.state) in [("running", "done"), ("undoing", "done")]


def test_a_worker_whose_list_is_discarded_meanwhile_stops_without_an_error(acme, checking_upload, monkeypatch):
    lock_upload = row_staging.lock_upload

    def discard_and_lock(upload):
        services.discard_upload(upload=upload, now=database_clock.now())
        lock_upload(upload)

    monkeypatch.setattr(row_staging, "lock_upload", discard_and_lock)

    assert run_job(acme, checking_upload) == 0
    assert not JobRun.objects.exists()


def test_a_page_that_watches_a_list_does_not_wait_for_the_worker_that_holds_it(committed_db, acme, checking_upload):
    """The row is locked while it is classified; a page would wait for that with a thread of the web server."""
    with use_business(acme), psycopg.connect(**connection.get_connection_params() | {"autocommit": False}) as worker:
        assert worker.execute(f'SELECT 1 FROM "{acme.schema_name}".clients_upload FOR UPDATE').fetchall()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout TO '2s'")
        now = database_clock.now() + timedelta(hours=1)

        services.requeue_upload_if_stalled(upload=checking_upload, now=now)

        checking_upload.refresh_from_db()
        assert checking_upload.heartbeat_at < now
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def test_an_enquiry_that_can_not_be_matched_is_shown_to_staff(acme, monkeypatch, staff_client):
    browser = staff_client("manager")
    monkeypatch.setattr(enquiry_matching, "lock_submission_matching", raise_unforeseen_error)
    now = database_clock.now()
    with use_business(acme):
        enquiry = Enquiry.objects.create(
            idempotency_key=uuid.uuid4(),
            name="Nora Neu",
            email="nora@example.com",
            network_digest=b"x",
            received_at=now,
        )

    run_job(acme, enquiry, "match-enquiry", times=6)

    assert reload(acme, enquiry).match_result == "failed"
    with use_business(acme):
        assert enquiry_matching.requeue_pending_enquiries(now=now + timedelta(hours=1)) == 0
        assert Notification.objects.filter(kind="job-stopped", subject="Nora Neu").exists()
    assert "Could not be matched" in browser.get("/console/acme/enquiries/").content.decode()
