"""Does a list get where it should, whoever works on it, and when?"""

import pytest
from django.utils import timezone

from portal.clients.models import Client, Contact, Upload
from portal.clients.uploads import classification, processing, services, staging
from portal.clients.uploads.locking import StaleUpload
from portal.clients.uploads.services import UploadStateChanged

LIST = "Name,Email,Phone,Language,Tags,Note\nAna Pereira,ANA@example.com,0171 1234567,de,VIP; new,likes tea\nBo Sand,bo@example.com,,en,vip,\n"

pytestmark = pytest.mark.usefixtures("at_acme")


def counts(upload, *words):
    return tuple(upload.counts.get(word, 0) for word in words)


def test_every_step_can_be_done_in_pieces_by_one_worker_after_the_other(monkeypatch, check, outcomes, listed, now):
    for module in (staging, classification):
        monkeypatch.setattr(module, "CHUNK_ROWS", 2)
    monkeypatch.setattr(processing, "CHUNK_ROWS", 2)
    many = "Name,Email\n" + "".join(f"N{number:02},n{number}@example.com\n" for number in range(11))
    upload = check(many)
    services.import_rows(upload=upload, on_match="skip", staff=None, now=now)
    for _worker in range(20):
        next(processing.run_step(Upload.objects.get(pk=upload.pk), clock=timezone.now), None)
        if Upload.objects.get(pk=upload.pk).state == "done":
            break

    assert len(listed()) == 11
    assert Contact.objects.count() == 11
    assert Upload.objects.get(pk=upload.pk).counts["created"] == 11


def test_a_worker_that_was_overtaken_writes_nothing(check, go, now):
    upload = check(LIST)
    services.import_rows(upload=upload, on_match="skip", staff=None, now=now)
    late = Upload.objects.get(pk=upload.pk)
    go(upload)

    with pytest.raises(StaleUpload):
        next(processing.run_step(late, clock=timezone.now))
    assert Client.objects.count() == 2


def test_nothing_is_done_with_a_list_before_its_time_or_twice(receive, check, go, now):
    received = receive(LIST)
    with pytest.raises(UploadStateChanged):
        services.import_rows(upload=received, on_match="skip", staff=None, now=now)
    checked = check(LIST)
    with pytest.raises(UploadStateChanged):
        services.undo_import(upload=checked, staff=None, now=now)
    services.import_rows(upload=checked, on_match="skip", staff=None, now=now)
    with pytest.raises(UploadStateChanged):
        services.discard_upload(upload=Upload.objects.get(pk=checked.pk))
    with pytest.raises(UploadStateChanged):
        services.import_rows(upload=checked, on_match="skip", staff=None, now=now)


def test_a_list_nobody_works_on_is_rung_for_again(monkeypatch, check, now, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(services, "enqueue", lambda actor, **ids: rung.append((actor, ids)))
    upload = check(LIST)
    services.import_rows(upload=upload, on_match="skip", staff=None, now=now)

    with django_capture_on_commit_callbacks(execute=True):
        services.requeue_stalled(now=now + services.STALL_TIMEOUT / 2)
    assert rung == []
    with django_capture_on_commit_callbacks(execute=True):
        services.requeue_stalled(now=now + services.STALL_TIMEOUT * 2)
    assert [(actor, set(ids)) for actor, ids in rung] == [("process_upload", {"queue", "business_id", "upload_id"})]
    assert rung[0][1]["upload_id"] == upload.pk


def test_old_lists_are_forgotten_but_not_that_they_were_there(import_rows, receive, now):
    done, waiting = import_rows(LIST), receive(LIST)

    services.purge_uploads(now + services.STALL_TIMEOUT * 9)

    assert list(Upload.objects.all()) == [done]
    assert (done.rows.count(), done.file_chunks.count()) == (0, 0)
    assert not Upload.objects.filter(pk=waiting.pk).exists()
