"""The rows of an uploaded file as lists of text, whatever its kind, numbered as in the file."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from portal.clients.uploads import workbooks
from portal.clients.uploads.encodings import get_codec_name
from portal.clients.uploads.models import FileKind, Upload
from portal.clients.uploads.upload_files import UnsupportedFile, open_file, read_head
from portal.ui.formula_escaping import unescape_formula

MAX_ROWS = 100_000
MAX_COLUMNS = 100
MAX_CELL_LENGTH = 20_000

NumberedRow = tuple[int, list[str]]

csv.field_size_limit(MAX_CELL_LENGTH * 4)


def read_rows(upload: Upload, *, limit: int | None = None) -> Iterator[NumberedRow]:
    """Yield every row that isn't empty, headings included, with its number. Raises UnsupportedFile."""
    with open_file(upload) as file:
        yield from islice(_read_numbered_rows(upload, file), limit)


def count_columns(rows: list[NumberedRow]) -> int:
    """Return the number of columns of the widest row."""
    return max((len(cells) for _number, cells in rows), default=0)


def _read_numbered_rows(upload: Upload, file: BinaryIO) -> Iterator[NumberedRow]:
    found = _read_csv(upload, file) if upload.kind == FileKind.CSV else _read_workbook(file)
    for number, cells in found:
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, [unescape_formula(cell) if "'" in cell else cell for cell in cells]


def _read_csv(upload: Upload, file: BinaryIO) -> Iterator[NumberedRow]:
    encoding = get_codec_name(upload.encoding, read_head(file))
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    reader = csv.reader(text, delimiter=upload.separator)
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1 and _is_excel_separator_line(cells, upload.separator):
                continue
            if len(cells) > MAX_COLUMNS and any(cell.strip() for cell in cells[MAX_COLUMNS:]):
                raise UnsupportedFile("too-wide")
            yield number, cells
    except csv.Error as error:
        raise UnsupportedFile("unsupported-file") from error
    finally:
        text.detach()


def _read_workbook(file: BinaryIO) -> Iterator[NumberedRow]:
    yield from enumerate(workbooks.read_sheet(file, width=MAX_COLUMNS), start=1)


def _is_excel_separator_line(cells: list[str], separator: str) -> bool:
    """Return whether this is the line that tells Excel the separator."""
    return separator.join(cells).lower() in (f"sep={separator}", "sep=")
