"""The uploaded file: its kind, detected by its content, and its storage in chunks."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO

from django.db.models import F, Subquery

from portal.clients.uploads.models import FileChunk, FileKind, Upload
from tenants.text_cleaning import clean_line

CHUNK_SIZE = 2**20
# So many chunks are read in one statement.
CHUNKS_PER_READ = 4
MAX_NAME_LENGTH = 120

# The first bytes of files that people upload by mistake, and the error for each.
SIGNATURES = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old-excel",
    b"%PDF": "unsupported-file",
    b"MZ": "unsupported-file",
    b"\x7fELF": "unsupported-file",
    b"\x89PNG": "unsupported-file",
    b"GIF8": "unsupported-file",
    b"\xff\xd8\xff": "unsupported-file",
    b"\x1f\x8b": "unsupported-file",
    b"Rar!": "unsupported-file",
    b"{\\rtf": "unsupported-file",
}
MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|svg|head|body|script|table|meta|!--)", re.IGNORECASE)
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


class UnsupportedFile(ValueError):
    """The file is no list that can be read. The message is a key of error_texts.FILE_ERRORS."""


class StoredFileChanged(UnsupportedFile):
    """The stored file isn't the one of the upload as it was read: it was rewritten, or not all of it is left."""

    def __init__(self) -> None:
        super().__init__("changed")


def detect_file_kind(head: bytes) -> FileKind:
    """Return the kind of a file by its first bytes. Raises UnsupportedFile."""
    if not head.strip(b"\xef\xbb\xbf\r\n\t \x00"):
        raise UnsupportedFile("empty")
    if head.startswith(b"PK\x03\x04"):
        return FileKind.XLSX
    for signature, reason in SIGNATURES.items():
        if head.startswith(signature):
            raise UnsupportedFile(reason)
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe")):
        raise UnsupportedFile("markup")
    if b"\0" in head and not head.startswith(BYTE_ORDER_MARKS) and not _looks_like_utf16(head):
        raise UnsupportedFile("unsupported-file")
    return FileKind.CSV


def sanitise_filename(name: str) -> str:
    """Return a file name that is safe to show: without folders and what can't be seen."""
    last = re.split(r"[\\/]", name)[-1]
    shown = clean_line(last).strip(" .")
    return shown[:MAX_NAME_LENGTH] or "list"


def store_file(upload: Upload, chunks: Iterable[bytes]) -> None:
    """Store the chunks of a file with its upload."""
    for number, data in enumerate(chunks):
        FileChunk.objects.create(upload=upload, number=number, data=data)


@contextmanager
def open_file(upload: Upload) -> Iterator[BinaryIO]:
    """Open the stored file as a temporary file, until the block ends. Raises StoredFileChanged."""
    with tempfile.TemporaryFile() as file:
        for data in iter_stored_chunks(upload):
            file.write(data)
        file.seek(0)
        yield file


def iter_stored_chunks(upload: Upload) -> Iterator[bytes]:
    """Yield the chunks of the stored file, of which only a few are in memory at a time. Raises StoredFileChanged."""
    number, found = 0, _read_chunks(upload, 0)
    last = found[0].last if found else -1
    while found:
        for chunk in found:
            if (chunk.number, chunk.version, chunk.last) != (number, upload.file_version, last):
                raise StoredFileChanged
            yield bytes(chunk.data)
            number += 1
        found = _read_chunks(upload, number) if number <= last else []
    if number <= last:
        raise StoredFileChanged


def read_head(file: IO[bytes], size: int = 1 << 16) -> bytes:
    """Return a file's first bytes, and rewind it."""
    file.seek(0)
    head = file.read(size)
    file.seek(0)
    return head


def _read_chunks(upload: Upload, first: int) -> list[Any]:
    """Return the next chunks, each with the version of the file and the number of its last chunk at this moment."""
    last = Subquery(upload.file_chunks.order_by("-number").values("number")[:1])
    chunks = upload.file_chunks.annotate(version=F("upload__file_version"), last=last)
    return list(chunks.filter(number__gte=first).order_by("number")[:CHUNKS_PER_READ])


def _looks_like_utf16(head: bytes) -> bool:
    """Return whether every other byte is zero: UTF-16 without a byte order mark."""
    return head[1::2].count(0) > len(head) // 4 and not head[::2].count(0)
