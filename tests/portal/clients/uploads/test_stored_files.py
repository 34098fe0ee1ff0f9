"""A stored list is read as it was stored, or not at all."""

import pytest
from django.db.models import F

from portal.clients.models import Upload
from portal.clients.uploads import upload_files
from portal.clients.uploads.upload_files import CHUNKS_PER_READ, StoredFileChanged, open_file, store_file

LIST = "Name;E-Mail\nZoë Müller;zoe@example.de\n"


@pytest.mark.parametrize("number", [0, 1, CHUNKS_PER_READ, CHUNKS_PER_READ + 1, 2 * CHUNKS_PER_READ])
def test_a_file_is_read_as_it_was_stored_however_many_chunks_it_has(in_acme, upload_list, number):
    upload, chunks = upload_list(LIST), [f"chunk {place}".encode() for place in range(number)]
    upload.file_chunks.all().delete()
    store_file(upload, chunks)

    with open_file(upload) as file:
        assert file.read() == b"".join(chunks)


def rewrite_file(upload):
    """Store another file of as many chunks, as an erasure does."""
    upload.file_chunks.all().delete()
    store_file(upload, [b"other"] * 3)
    Upload.objects.update(file_version=F("file_version") + 1)


@pytest.mark.parametrize(
    "change", [rewrite_file, lambda upload: upload.file_chunks.all().delete()], ids=["rewritten", "purged"]
)
def test_a_file_that_changes_while_it_is_read_is_neither_mixed_nor_short(in_acme, upload_list, monkeypatch, change):
    monkeypatch.setattr(upload_files, "CHUNKS_PER_READ", 1)
    upload = upload_list(LIST)
    upload.file_chunks.all().delete()
    store_file(upload, [b"one", b"two", b"three"])

    chunks = upload_files.iter_stored_chunks(upload)
    assert next(chunks) == b"one"
    change(upload)

    with pytest.raises(StoredFileChanged):
        list(chunks)


@pytest.mark.parametrize("missing", [0, 1])
def test_a_file_of_which_a_part_is_gone_is_not_read(in_acme, upload_list, missing):
    upload = upload_list(LIST)
    upload.file_chunks.all().delete()
    store_file(upload, [b"one", b"two", b"three"])
    upload.file_chunks.filter(number=missing).delete()

    with pytest.raises(StoredFileChanged), open_file(upload):
        pass
