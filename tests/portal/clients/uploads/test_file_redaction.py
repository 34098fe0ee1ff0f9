"""Tests that a person is removed from a stored file, and that every other record stays as it was, byte by byte."""

import uuid
from contextlib import ExitStack

import pytest

from portal.clients.models import FileChunk, Upload
from portal.clients.uploads.file_redaction import apply_redaction, prepare_redaction
from portal.clients.uploads.file_rows import read_rows
from portal.clients.uploads.upload_files import open_file
from portal.ui.person_mentions import MentionMatcher
from tenants.nouns.personal_data_policies import PersonIdentity

ANA = MentionMatcher(
    PersonIdentity(
        client_ids=(uuid.uuid4(),),
        names=frozenset({"Ana Pereira"}),
        addresses=frozenset({"ana@example.com"}),
        country="DE",
    )
)
MIXED = 'Name;Email\r\nJürgen;"j@example.com"\n\n"Ana\nPereira";ana@example.com\rZoë ;  z@example.com'


def redact_file(upload, matcher, numbers):
    with ExitStack() as files:
        return apply_redaction(upload, prepare_redaction(upload, matcher, numbers, files=files))


def read_file(upload):
    with open_file(upload) as file:
        return file.read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac-roman"])
def test_other_records_keep_every_byte(in_acme, upload_list, encoding):
    upload = upload_list(MIXED, encoding=encoding)
    before = read_file(upload)
    assert redact_file(upload, ANA, set()) == {4}

    codec = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    gone = '"Ana\nPereira";ana@example.com\r'.encode(codec)
    assert read_file(upload) == before.replace(gone, "\r\n".encode(codec))


def test_bytes_that_no_encoding_knows_are_kept(in_acme, upload_list):
    upload = upload_list(b"Name;Email\nJ\xfcrgen;j@example.com\nAna;ana@example.com\n")
    Upload.objects.update(encoding="utf-8")
    upload.refresh_from_db()
    redact_file(upload, ANA, set())
    assert read_file(upload) == b"Name;Email\nJ\xfcrgen;j@example.com\n\r\n"


def test_a_file_without_the_person_is_not_written_again(in_acme, upload_list):
    upload = upload_list("Name;Email\nAna Pereira;other@example.com\n")
    chunks = list(upload.file_chunks.values_list("number", "data"))
    assert redact_file(upload, ANA, set()) == set()
    assert list(upload.file_chunks.values_list("number", "data")) == chunks


def test_rows_keep_their_numbers(in_acme, upload_list):
    upload = upload_list("Name;Email\nAna;ana@example.com\nBen;b@example.com\nCleo;c@example.com\n")
    redact_file(upload, ANA, {3})
    assert [number for number, _cells in read_rows(upload)] == [1, 4]


def test_an_address_in_another_column_is_removed_and_its_row_stays(in_acme, upload_list):
    upload = upload_list('Name;Email;Referrer\n"B;en";b@example.com;ana@example.com\n')
    Upload.objects.update(columns=["name", "email", ""])
    upload.refresh_from_db()
    assert redact_file(upload, ANA, set()) == set()
    assert list(read_rows(upload))[1] == (2, ["B;en", "b@example.com"])


def test_a_file_that_is_read_wrongly_is_searched_line_by_line(in_acme, upload_list):
    upload = upload_list("Name;Email\nAna;ana@example.com\n")
    too_long = '"' + "x" * 100_000 + "\nAna;ana@example.com\nBen;b@example.com\n"
    upload.file_chunks.update(data=too_long.encode())
    redact_file(upload, ANA, set())
    assert read_file(upload) == too_long.replace("Ana;ana@example.com\n", "\r\n").encode()


def test_a_workbook_that_cannot_be_read_is_deleted(in_acme, upload_list):
    upload = upload_list("Name;Email\nAna;ana@example.com\n")
    upload.file_chunks.update(data=b"PK\x03\x04 broken")
    upload.kind = "xlsx"
    redact_file(upload, ANA, set())
    assert not upload.file_chunks.exists()


def test_a_file_of_which_a_part_is_gone_is_deleted(in_acme, upload_list):
    """Nobody can tell whether what is left of it names the person."""
    upload = upload_list("Name,Email\nAna Pereira,ana@example.com\n")
    FileChunk.objects.create(upload=upload, number=2, data=b"Ana Pereira")
    redact_file(upload, ANA, set())

    assert not upload.file_chunks.exists()
