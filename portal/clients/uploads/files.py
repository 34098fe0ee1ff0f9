"""What was handed over? The file is judged by its content, kept in pieces, and read back as a whole."""

import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from portal.clients.uploads.models import Upload, UploadPart

MOST_BYTES = 50 * 2**20
PIECE = 2**20
LONGEST_NAME = 120

# How the files begin that people take for lists, and what to say of them.
MARKS = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old-excel",
    b"%PDF": "not-a-list",
    b"MZ": "not-a-list",
    b"\x7fELF": "not-a-list",
    b"\x89PNG": "not-a-list",
    b"GIF8": "not-a-list",
    b"\xff\xd8\xff": "not-a-list",
    b"\x1f\x8b": "not-a-list",
    b"Rar!": "not-a-list",
    b"{\\rtf": "not-a-list",
}
MARKUP = re.compile(rb"\s*<(?:!doctype|html|\?xml|svg|head|body|script|table|meta|!--)", re.IGNORECASE)
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


class NotAList(ValueError):
    """The file can't be taken; the message is a word from uploads.wording."""


def kind_of(head: bytes) -> Upload.Kind:
    """Tell what a file is by its first bytes. Raises NotAList for what is no list of rows."""
    if not head.strip(b"\xef\xbb\xbf\r\n\t \x00"):
        raise NotAList("empty")
    if head.startswith(b"PK\x03\x04"):
        return Upload.Kind.XLSX
    for mark, reason in MARKS.items():
        if head.startswith(mark):
            raise NotAList(reason)
    if MARKUP.match(head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe")):
        raise NotAList("markup")
    if b"\0" in head and not head.startswith(BYTE_ORDER_MARKS) and not _is_wide(head):
        raise NotAList("not-a-list")
    return Upload.Kind.CSV


def safe_name(name: str) -> str:
    """Return a file's name as it may be shown: without folders, control signs and what turns text around."""
    last = re.split(r"[\\/]", name)[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(" .")
    return shown[:LONGEST_NAME] or "list"


def keep(upload: Upload, pieces: Iterable[bytes]) -> None:
    """Keep a file with its upload."""
    for number, data in enumerate(pieces):
        UploadPart.objects.create(upload=upload, number=number, data=data)


@contextmanager
def opened(upload: Upload) -> Iterator[BinaryIO]:
    """Give the file back as one that can be read from any place, until the block ends."""
    with tempfile.TemporaryFile() as file:
        numbers = upload.parts.order_by("number").values_list("number", flat=True)
        for number in list(numbers):
            file.write(upload.parts.values_list("data", flat=True).get(number=number))
        file.seek(0)
        yield file


def head_of(file: IO[bytes], size: int = 1 << 16) -> bytes:
    """Return a file's first bytes, and leave it at its start."""
    file.seek(0)
    head = file.read(size)
    file.seek(0)
    return head


def _is_wide(head: bytes) -> bool:
    """Tell whether every other byte is empty: UTF-16 that doesn't say so."""
    return head[1::2].count(0) > len(head) // 4 and not head[::2].count(0)
