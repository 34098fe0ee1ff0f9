"""Reading the first sheet of an Excel workbook, safely.

openpyxl parses XML through defusedxml, which refuses entities; the unpacked size is
read from the archive beforehand.
"""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from portal.clients.uploads.upload_files import UnsupportedFile

MAX_UNPACKED_SIZE = 400 * 2**20
MAX_SHARED_STRINGS_SIZE = 80 * 2**20
MAX_FILES = 2_000
MAX_COMPRESSION_RATIO = 200
# Excel's own limit. A tiny file can number its second row a billion.
MAX_SHEET_ROWS = 1_048_576
SHARED_STRINGS = "xl/sharedStrings.xml"
# What openpyxl and its dependencies raise for files that Excel never wrote.
READ_ERRORS = (
    *(ParseError, DefusedXmlException, InvalidFileException, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError, OverflowError),
)


def read_sheet(file: BinaryIO, *, width: int) -> Iterator[list[str]]:
    """Yield the rows of the first sheet, up to `width` cells each. Raises UnsupportedFile."""
    _reject_zip_bombs(file)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        previous = None
        for row in sheet.iter_rows(max_col=width, max_row=MAX_SHEET_ROWS):
            # openpyxl fills a gap with the same row object, perhaps a million times.
            yield [] if row is previous else [_format_cell(cell) for cell in row]
            previous = row
    except UnsupportedFile:
        raise
    except READ_ERRORS as error:
        raise UnsupportedFile("broken-workbook") from error


def _reject_zip_bombs(file: BinaryIO) -> None:
    """Refuse archives that would unpack to too much. zipfile never unpacks more than an entry's stated size."""
    try:
        parts = zipfile.ZipFile(file).infolist()
    except READ_ERRORS as error:
        raise UnsupportedFile("broken-workbook") from error
    if not any(part.filename.startswith("xl/") for part in parts):
        raise UnsupportedFile("unsupported-file")
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    shared_strings = sum(part.file_size for part in parts if part.filename == SHARED_STRINGS)
    if len(parts) > MAX_FILES or unpacked > MAX_UNPACKED_SIZE or shared_strings > MAX_SHARED_STRINGS_SIZE:
        raise UnsupportedFile("bomb")
    if unpacked > MAX_COMPRESSION_RATIO * max(packed, 2**16):
        raise UnsupportedFile("bomb")
    file.seek(0)


def _format_cell(cell: Any) -> str:
    """Return a cell as Excel shows it: 3 and not 3.0, 2026-05-31 and not 46173."""
    value = cell.value
    if isinstance(value, str):
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
