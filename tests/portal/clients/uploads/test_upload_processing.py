"""Uploads are processed step by step, whatever happens to workers."""

import pytest
from django.utils import timezone

from portal.clients import purges
from portal.clients.models import Client, Contact, FileChunk, Upload
from portal.clients.uploads import row_classification, row_staging, services, upload_processing
from portal.clients.uploads.services import UploadStateChanged
from portal.clients.uploads.upload_locking import StaleUpload

LIST = (
    "Name,Email,Phone,Language,Tags,Note\n"
    "Ana Pereira,ANA@example.com,0171 1234567,de,VIP; new,likes tea\n"
    "Bo Sand,bo@example.com,,en,vip,\n"
)

pytestmark = pytest.mark.usefixtures("in_acme")


def count_row_outcomes(upload, *keys):
    return tuple(upload.counts.get(key, 0) for key in keys)


def test_every_step_can_be_continued_by_another_worker(
    monkeypatch, upload_checked_list, row_outcomes, listed_clients, now
):
    for module in (row_staging, row_classification):
        monkeypatch.setattr(module, "CHUNK_ROWS", 2)
    monkeypatch.setattr(upload_processing, "CHUNK_ROWS", 2)
    many = "Name,Email\n" + "".join(f"N{number:02},n{number}@example.com\n" for number in range(11))
    upload = upload_checked_list(many)
    services.start_import(upload=upload, on_match="skip", staff=None, now=now)
    for _worker in range(20):
        next(upload_processing.run_upload_step(Upload.objects.get(pk=upload.pk), clock=timezone.now), None)
        if Upload.objects.get(pk=upload.pk).state == "done":
            break

    assert len(listed_clients()) == 11
    assert Contact.objects.count() == 11
    assert Upload.objects.get(pk=upload.pk).counts["created"] == 11


def test_a_file_of_which_a_part_is_gone_is_not_checked(upload_list, run_upload_job, now):
    upload = upload_list(LIST)
    FileChunk.objects.create(upload=upload, number=2, data=b"Cy,cy@example.com")
    services.map_columns(upload=upload, targets=upload.columns, now=now)
    run_upload_job(upload)

    assert (upload.state, upload.failure) == ("failed", "changed")


def test_a_stale_worker_writes_nothing(upload_checked_list, run_upload_job, now):
    upload = upload_checked_list(LIST)
    services.start_import(upload=upload, on_match="skip", staff=None, now=now)
    late = Upload.objects.get(pk=upload.pk)
    run_upload_job(upload)

    with pytest.raises(StaleUpload):
        next(upload_processing.run_upload_step(late, clock=timezone.now))
    assert Client.objects.count() == 2


def test_a_step_in_the_wrong_state_is_refused(upload_list, upload_checked_list, run_upload_job, now):
    received = upload_list(LIST)
    with pytest.raises(UploadStateChanged):
        services.start_import(upload=received, on_match="skip", staff=None, now=now)
    checked = upload_checked_list(LIST)
    with pytest.raises(UploadStateChanged):
        services.undo_import(upload=checked, staff=None, now=now)
    services.start_import(upload=checked, on_match="skip", staff=None, now=now)
    with pytest.raises(UploadStateChanged):
        services.start_import(upload=checked, on_match="skip", staff=None, now=now)
    Upload.objects.filter(pk=checked.pk).update(state="done")
    with pytest.raises(UploadStateChanged):
        services.discard_upload(upload=checked, now=now)


def test_a_stalled_upload_is_enqueued_again(monkeypatch, upload_checked_list, now, django_capture_on_commit_callbacks):
    enqueued = []
    monkeypatch.setattr(services, "enqueue_row_job", lambda name, **ids: enqueued.append((name, ids["row_id"])))
    upload = upload_checked_list(LIST)
    services.start_import(upload=upload, on_match="skip", staff=None, now=now)

    with django_capture_on_commit_callbacks(execute=True):
        services.requeue_stalled_uploads(now=now + services.STALL_TIMEOUT / 2)
    assert enqueued == []
    with django_capture_on_commit_callbacks(execute=True):
        services.requeue_stalled_uploads(now=now + services.STALL_TIMEOUT * 2)
    assert enqueued == [("process-upload", upload.pk)]


def test_rows_and_files_of_old_uploads_are_purged(import_rows, upload_list, now):
    done, waiting = import_rows(LIST), upload_list(LIST)
    expired_at = now + purges.UPLOAD_RETENTION + services.STALL_TIMEOUT * 9

    number = done.rows.count()
    assert number > 1
    assert [purges.purge_upload_rows(expired_at, 1) for _call in range(number + 1)] == [1] * number + [0]
    assert purges.purge_upload_files(expired_at, 10) == 2
    assert purges.purge_unimported_uploads(expired_at, 10) == 1

    assert list(Upload.objects.all()) == [done]
    assert (done.rows.count(), done.file_chunks.count()) == (0, 0)
    assert not Upload.objects.filter(pk=waiting.pk).exists()


def test_old_rows_are_purged_even_if_their_file_was_erased_with_a_client(import_rows, now):
    done = import_rows(LIST)
    done.file_chunks.all().delete()

    purges.purge_upload_rows(now + purges.UPLOAD_RETENTION + services.STALL_TIMEOUT, 10)

    assert done.rows.count() == 0


def test_a_purge_respects_its_limit_and_the_retention_period(import_rows, upload_list, now):
    for _number in range(3):
        import_rows(LIST)
        upload_list(LIST)
    for purge in (purges.purge_upload_rows, purges.purge_upload_files, purges.purge_unimported_uploads):
        assert purge(now + purges.UPLOAD_RETENTION - services.STALL_TIMEOUT * 9, 10) == 0
    expired_at = now + purges.UPLOAD_RETENTION + services.STALL_TIMEOUT * 9
    assert [purges.purge_unimported_uploads(expired_at, 2) for _call in range(3)] == [2, 1, 0]
