"""The parser of Excel workbooks, which runs in a sandbox and imports nothing of Django.

openpyxl parses XML through defusedxml, which refuses entities; the unpacked size is
read from the archive beforehand.
"""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import SHARED_STRINGS as SHARED_STRINGS_TYPE
from openpyxl.reader.excel import ExcelReader, ReadOnlyWorksheet
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHEET_MAIN_NS

from tenants.sandbox.refusals import FileRefused

MAX_UNPACKED_SIZE = 400 * 2**20
MAX_SHARED_STRINGS_SIZE = 80 * 2**20
MAX_FILES = 2_000
MAX_COMPRESSION_RATIO = 200
# Excel's own limit. A tiny file can number its second row a billion.
MAX_SHEET_ROWS = 1_048_576
# Twice what Excel itself writes into a cell.
MAX_CELL_LENGTH = 65_536
SHARED_STRINGS = "xl/sharedStrings.xml"
STRING_TAG, TEXT_TAG, RUN_TAG = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "t", "r"))
# What openpyxl and its dependencies raise for files that Excel never wrote.
READ_ERRORS = (
    *(ParseError, DefusedXmlException, InvalidFileException, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError, OverflowError),
)


def parse_sheet(
    file: BinaryIO, *, width: int, after: int = 0, limit: int | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first sheet that have text, up to `width` cells each, with their numbers.

    Rows up to the number `after` are skipped, and at most `limit` rows follow. Raises FileRefused.
    """
    _refuse_zip_bombs(file)
    try:
        yield from islice(_iter_filled_rows(file, width, after), limit)
    except READ_ERRORS as error:
        raise FileRefused("broken-workbook") from error


class SharedStrings:
    """The strings that cells refer to by number, each read from the archive when a cell needs it or a later one.

    The first rows refer to the first strings, so a preview doesn't wait for the others.
    """

    def __init__(self, file: Any):
        self._strings: list[str] = []
        self._source = self._iter_strings(file)

    def __getitem__(self, index: int) -> str:
        missing = index + 1 - len(self._strings)
        if missing > 0:
            self._strings.extend(islice(self._source, missing))
        return self._strings[index]

    @staticmethod
    def _iter_strings(file: Any) -> Iterator[str]:
        root = None
        for event, element in iterparse(file, events=("start", "end")):
            if root is None:
                root = element
            elif event == "end" and element.tag == STRING_TAG:
                yield _read_string(element)
                root.clear()


class UnmeasuredSheet(ReadOnlyWorksheet):
    """A sheet that isn't read to its end to learn its size before its first row is."""

    def _get_size(self) -> None:
        """Leave the size open; rows are read up to a limit."""


class SheetReader(ExcelReader):
    """Reads the first sheet of a workbook as openpyxl does, and of the rest what its cells need."""

    def read_strings(self) -> None:
        """Open the shared strings; the archive closes them."""
        if part := self.package.find(SHARED_STRINGS_TYPE):
            self.shared_strings = SharedStrings(self.archive.open(part.PartName[1:]))

    def read_first_sheet(self) -> UnmeasuredSheet:
        """Return the first sheet that is no chart. Raises FileRefused."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        for sheet, relation in self.parser.find_sheets():
            if relation.target in self.valid_files and "chartsheet" not in relation.Type:
                return UnmeasuredSheet(self.wb, sheet.name, relation.target, self.shared_strings)
        raise FileRefused("broken-workbook")


def _refuse_zip_bombs(file: BinaryIO) -> None:
    """Refuse archives that would unpack to too much. zipfile never unpacks more than an entry's stated size."""
    try:
        parts = zipfile.ZipFile(file).infolist()
    except READ_ERRORS as error:
        raise FileRefused("broken-workbook") from error
    if not any(part.filename.startswith("xl/") for part in parts):
        raise FileRefused("unsupported-file")
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    shared_strings = sum(part.file_size for part in parts if part.filename == SHARED_STRINGS)
    if len(parts) > MAX_FILES or unpacked > MAX_UNPACKED_SIZE or shared_strings > MAX_SHARED_STRINGS_SIZE:
        raise FileRefused("bomb")
    if unpacked > MAX_COMPRESSION_RATIO * max(packed, 2**16):
        raise FileRefused("bomb")
    file.seek(0)


def _iter_filled_rows(file: BinaryIO, width: int, after: int) -> Iterator[tuple[int, list[str]]]:
    sheet = SheetReader(file, read_only=True, data_only=True, keep_links=False).read_first_sheet()
    previous = None
    for number, row in enumerate(sheet.iter_rows(max_col=width, max_row=MAX_SHEET_ROWS), start=1):
        # openpyxl fills a gap with the same row object, perhaps a million times.
        if row is previous or number <= after:
            continue
        previous = row
        cells = [_format_cell(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, cells


def _read_string(item: Element) -> str:
    """Return a shared string without its formatting and without its phonetic text."""
    plain = item.find(TEXT_TAG)
    texts = [plain] if plain is not None else []
    texts += [text for run in item.iterfind(RUN_TAG) if (text := run.find(TEXT_TAG)) is not None]
    # As openpyxl does: an underscore that would begin an escape is itself escaped.
    return "".join(text.text or "" for text in texts).replace("x005F_", "")


def _format_cell(cell: Any) -> str:
    """Return a cell as Excel shows it: 3 and not 3.0, 2026-05-31 and not 46173."""
    value = cell.value
    if isinstance(value, str):
        if len(value) > MAX_CELL_LENGTH:
            raise FileRefused("bomb")
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _format_number_cell(value, getattr(cell, "number_format", "") or "")
    return _format_datetime_cell(value)


def _format_number_cell(value: int | float, number_format: str) -> str:
    if number_format.endswith("%"):
        return f"{round(value * 100, 6):.10g}%"
    if value == int(value):
        # A code such as 01099 may be a number with a format of zeros.
        return str(int(value)).zfill(len(number_format)) if number_format.strip("0") == "" else str(int(value))
    return repr(value)


def _format_datetime_cell(value: object) -> str:
    if isinstance(value, datetime):
        at_midnight = value.time() == time(0)
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""
