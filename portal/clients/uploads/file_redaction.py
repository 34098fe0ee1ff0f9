"""Removing a person from the stored file of an upload; every other record stays as it is, under its number.

A record of theirs becomes an empty line. A workbook is replaced by the rows that were read from it: its other sheets,
comments and properties may name the person, too, and nothing ever reads them.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Set
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, BinaryIO

from portal.clients.uploads import workbooks
from portal.clients.uploads.address_cells import split_email_cell, split_phone_cell
from portal.clients.uploads.column_mapping import EMAIL, PHONE
from portal.clients.uploads.encodings import UTF16_BOMS, get_codec_name
from portal.clients.uploads.file_rows import MAX_COLUMNS, MAX_ROW_LENGTH
from portal.clients.uploads.models import FileKind, Upload
from portal.clients.uploads.row_parsing import NAMES
from portal.clients.uploads.upload_files import CHUNK_SIZE, UnsupportedFile, open_file, read_head, store_file
from portal.ui.person_mentions import REDACTED, MentionMatcher

# The number of a record, its cells, and its text as it stands in the file.
Record = tuple[int, list[str], str]
LINE_END = "\r\n"
# What may be an address, not a placeholder or a mistyped figure.
ADDRESS = re.compile(r"@|(?:\d\D{0,3}){7}")


@dataclass(frozen=True)
class PreparedRedaction:
    """What a file becomes without a person, made before the upload is locked; without a `rewritten` file it stays.

    `basis` is what it was made from.
    """

    basis: tuple[Any, ...]
    found: Set[int] = frozenset()
    rewritten: BinaryIO | None = None
    is_unreadable: bool = False

    def is_current(self, upload: Upload, numbers: Set[int], others: Set[int]) -> bool:
        """Tell whether neither the file, its format nor the rows have changed since."""
        return self.basis == _describe_basis(upload, numbers, others)


def prepare_redaction(
    upload: Upload, matcher: MentionMatcher, numbers: set[int], others: Set[int] = frozenset(), *, files: ExitStack
) -> PreparedRedaction:
    """Read a file, and write it again without a person's records and those with these numbers, for as long as `files`.

    The records of `others` lose the person's addresses only. Raises SandboxBusy.

    A file of which a part is gone can't be read. Nor can one that was rewritten meanwhile, but then its basis is not
    current once the upload is locked.
    """
    basis = _describe_basis(upload, numbers, others)
    redaction = _FileRedaction(upload, matcher, numbers, others)
    rewritten = files.enter_context(_open_temporary_file())
    try:
        with open_file(upload) as file:
            if not file.read(1):
                return PreparedRedaction(basis)
            file.seek(0)
            redaction.copy_redacted(file, rewritten)
    except UnsupportedFile:
        return PreparedRedaction(basis, is_unreadable=True)
    if redaction.is_changed:
        return PreparedRedaction(basis, redaction.found, rewritten)
    rewritten.close()
    return PreparedRedaction(basis, redaction.found)


def apply_redaction(upload: Upload, redaction: PreparedRedaction) -> Set[int]:
    """Replace the file of a locked upload, and return the numbers of the person's records in it.

    A file that can't be read any more is deleted: nobody can tell whether it names the person.
    """
    if redaction.is_unreadable:
        upload.file_chunks.all().delete()
    if redaction.rewritten:
        _replace_file(upload, redaction.rewritten)
    return redaction.found


@contextmanager
def _open_temporary_file() -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        yield file


def _describe_basis(upload: Upload, numbers: Set[int], others: Set[int]) -> tuple[Any, ...]:
    file_format = upload.file_version, upload.kind, upload.encoding, upload.separator, tuple(upload.columns)
    return (*file_format, frozenset(numbers), frozenset(others))


class _FileRedaction:
    """The redaction of one file: what was found in it, and whether it has to be replaced."""

    def __init__(self, upload: Upload, matcher: MentionMatcher, numbers: set[int], others: Set[int]):
        self._upload, self._matcher, self._numbers, self._others = upload, matcher, numbers, others
        self.found: set[int] = set()
        self.is_changed = upload.kind == FileKind.XLSX

    def copy_redacted(self, source: BinaryIO, target: BinaryIO) -> None:
        """Copy a file without the person, a workbook as CSV. Raises UnsupportedFile, SandboxBusy."""
        is_csv = self._upload.kind == FileKind.CSV
        codec, errors = _choose_codec(self._upload, source) if is_csv else ("utf-8", "strict")
        records = _read_csv_records(self._upload, source, codec, errors) if is_csv else _read_workbook_records(source)
        for record in records:
            target.write(self._redact_record(record).encode(codec, errors))

    def _redact_record(self, record: Record) -> str:
        number, cells, text = record
        is_about = self._matcher.is_about(text)
        if number in self._numbers or (is_about and number not in self._others and self._is_theirs(cells, text)):
            self.found.add(number)
            self.is_changed = True
            return LINE_END
        if not is_about:
            return text
        redacted = [self._matcher.redact(cell) for cell in cells]
        if redacted == cells:
            return text
        self.is_changed = True
        return _format_record([cell if cell != REDACTED else "" for cell in redacted], self._upload.separator)

    def _is_theirs(self, cells: list[str], text: str) -> bool:
        """Tell whether a column of addresses has one of theirs, and the record isn't somebody else's."""
        if self._is_somebody_else(cells):
            return False
        identifying = self._list_identifying_cells(cells) or [text]
        if any(self._matcher.has_address(cell) for cell in identifying):
            return True
        return self._matcher.has_name(text) and any(self._matcher.has_shared_address(cell) for cell in identifying)

    def _is_somebody_else(self, cells: list[str]) -> bool:
        """Tell whether a record has another name and, in the columns of addresses, one that isn't theirs."""
        columns = self._upload.columns
        if any(cells[len(columns) :]):
            return False
        name = " ".join(cell for cell, column in zip(cells, columns, strict=False) if column in NAMES)
        if not name.strip() or self._matcher.has_name(name):
            return False
        return any(ADDRESS.search(value) and not self._has_any_address(value) for value in self._list_values(cells))

    def _has_any_address(self, value: str) -> bool:
        return self._matcher.has_address(value) or self._matcher.has_shared_address(value)

    def _list_values(self, cells: list[str]) -> Iterator[str]:
        """Yield the single values of the cells in columns of addresses."""
        splitters = {EMAIL: split_email_cell, PHONE: split_phone_cell}
        for cell, column in zip(cells, self._upload.columns, strict=False):
            if column in splitters:
                yield from splitters[column](cell)

    def _list_identifying_cells(self, cells: list[str]) -> list[str]:
        """Return the cells in columns of addresses, or all cells if nobody knows which column they are in."""
        columns = self._upload.columns
        if any(cells[len(columns) :]) or not {EMAIL, PHONE} & set(columns):
            return cells
        return [cell for cell, column in zip(cells, columns, strict=False) if column in (EMAIL, PHONE)]


def _choose_codec(upload: Upload, file: BinaryIO) -> tuple[str, str]:
    """Return a codec, and its treatment of errors, by which a CSV file can be written back as it was read."""
    head = read_head(file)
    if upload.encoding == "utf-16":
        little, _big = UTF16_BOMS
        with_mark = "utf-16-le" if head.startswith(little) else "utf-16-be"
        return (with_mark if head.startswith(UTF16_BOMS) else get_codec_name(upload.encoding, head)), "replace"
    return upload.encoding or "utf-8", "surrogateescape"


def _read_csv_records(upload: Upload, file: BinaryIO, codec: str, errors: str) -> Iterator[Record]:
    """Yield the records of a CSV file with their text; single lines without cells where it can't be read as records."""
    text = io.TextIOWrapper(file, encoding=codec, errors=errors, newline="")
    lines, numbers = _RecordedLines(text), count(1)
    with suppress(csv.Error):
        for cells in csv.reader(lines, delimiter=upload.separator or ","):
            yield next(numbers), cells, lines.take()
    for line in lines.take().splitlines(keepends=True):
        yield next(numbers), [], line
    for _line in lines:
        yield next(numbers), [], lines.take()
    text.detach()


def _read_workbook_records(file: BinaryIO) -> Iterator[Record]:
    """Yield the rows of a workbook as records, with empty ones where it has none."""
    position = 0
    rows = workbooks.read_sheet(file, width=MAX_COLUMNS, after=0, limit=None, on_progress=lambda: None)
    with closing(rows):
        for number, cells in rows:
            yield from ((missing, [], LINE_END) for missing in range(position + 1, number))
            position = number
            yield number, cells, _format_record(cells, ",")


class _RecordedLines:
    """The lines of a text, which remembers those that were read since the last record."""

    def __init__(self, text: io.TextIOWrapper):
        self._text, self._record = text, list[str]()
        self._length = 0

    def __iter__(self) -> "_RecordedLines":
        return self

    def __next__(self) -> str:
        """Return the next line. Raises UnsupportedFile for one that is too long, csv.Error for such a record."""
        line = self._text.readline(MAX_ROW_LENGTH + 1)
        if not line:
            raise StopIteration
        if len(line) > MAX_ROW_LENGTH:
            raise UnsupportedFile("too-wide")
        self._record.append(line)
        self._length += len(line)
        if self._length > MAX_ROW_LENGTH:
            raise csv.Error("too-wide")
        return line

    def take(self) -> str:
        """Return the text that was read since the last call."""
        text = "".join(self._record)
        self._record, self._length = [], 0
        return text


def _format_record(cells: list[str], separator: str) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=separator or ",", lineterminator=LINE_END).writerow(cells)
    return line.getvalue()


def _replace_file(upload: Upload, file: BinaryIO) -> None:
    upload.file_chunks.all().delete()
    file.seek(0)
    store_file(upload, iter(lambda: file.read(CHUNK_SIZE), b""))
    if upload.kind == FileKind.XLSX:
        upload.kind, upload.encoding, upload.separator = FileKind.CSV, "utf-8", ","
    upload.file_version += 1
    upload.save(update_fields=["kind", "encoding", "separator", "file_version"])
