"""Which rows does an Excel workbook's first sheet hold, as people see them? And is it safe to look?

openpyxl reads XML through defusedxml, which refuses entities; how much there is to unpack is
asked of the archive beforehand.
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

from portal.clients.uploads.files import NotAList

MOST_UNPACKED = 400 * 2**20
MOST_SHARED_WORDS = 80 * 2**20
MOST_FILES = 2_000
MOST_SQUEEZED = 200
# Excel's own limit. A sheet of a few bytes can say that its second row is the billionth, with nothing between.
MOST_LINES = 1_048_576
WORDS = "xl/sharedStrings.xml"
# What openpyxl and those it builds on raise over files that Excel never wrote.
BROKEN = (
    *(ParseError, DefusedXmlException, InvalidFileException, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError, OverflowError),
)


def rows_of(file: BinaryIO, *, width: int) -> Iterator[list[str]]:
    """Yield the rows of the first sheet, cut to `width` cells. Raises NotAList."""
    _refuse_bombs(file)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        previous = None
        for row in sheet.iter_rows(max_col=width, max_row=MOST_LINES):
            # A gap is one and the same row over and over, perhaps a million times.
            yield [] if row is previous else [_shown(cell) for cell in row]
            previous = row
    except NotAList:
        raise
    except BROKEN as error:
        raise NotAList("broken-workbook") from error


def _refuse_bombs(file: BinaryIO) -> None:
    """Refuse what would unpack to more than a list can need. zipfile never unpacks more than an entry says of itself."""
    try:
        parts = zipfile.ZipFile(file).infolist()
    except BROKEN as error:
        raise NotAList("broken-workbook") from error
    if not any(part.filename.startswith("xl/") for part in parts):
        raise NotAList("not-a-list")
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    words = sum(part.file_size for part in parts if part.filename == WORDS)
    if len(parts) > MOST_FILES or unpacked > MOST_UNPACKED or words > MOST_SHARED_WORDS:
        raise NotAList("bomb")
    if unpacked > MOST_SQUEEZED * max(packed, 2**16):
        raise NotAList("bomb")
    file.seek(0)


def _shown(cell: Any) -> str:
    """Return a cell as its reader sees it, as far as that is one thing: 3 and not 3.0, 2026-05-31 and not 46173."""
    value = cell.value
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, getattr(cell, "number_format", "") or "")
    return _moment(value)


def _number(value: int | float, look: str) -> str:
    if look.endswith("%"):
        return f"{round(value * 100, 6):.10g}%"
    if value == int(value):
        # A code such as 01099 is a number that is shown with its zeros.
        return str(int(value)).zfill(len(look)) if look.strip("0") == "" else str(int(value))
    return repr(value)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        at_midnight = value.time() == time(0)
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""
