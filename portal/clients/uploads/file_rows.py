"""The rows of an uploaded file as lists of text, whatever its kind, numbered as in the file."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import closing
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
# Characters of one row of a CSV file, whatever is quoted in it; a row of a million cells is no row of a client list.
MAX_ROW_LENGTH = 1_000_000

NumberedRow = tuple[int, list[str]]

csv.field_size_limit(MAX_CELL_LENGTH * 4)


class BoundedLines:
    """The lines of a text file for csv.reader, none of which, and no row of several, may become longer than a limit."""

    def __init__(self, text: io.TextIOWrapper):
        self._text = text
        self._row_length = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_ROW_LENGTH + 1):
            self._row_length += len(line)
            if self._row_length > MAX_ROW_LENGTH:
                raise UnsupportedFile("too-wide")
            yield line

    def start_row(self) -> None:
        """Begin to count the next row."""
        self._row_length = 0


def read_rows(
    upload: Upload, *, after: int = 0, limit: int | None = None, on_progress: Callable[[], None] = lambda: None
) -> Iterator[NumberedRow]:
    """Yield every row behind row number `after` that isn't empty, headings included, with its number.

    At most `limit` rows are read. `on_progress` is called every few seconds while a workbook is read. Raises
    UnsupportedFile, StoredFileChanged among them, and SandboxBusy when too many workbooks are being opened.
    """
    with open_file(upload) as file:
        if upload.kind == FileKind.CSV:
            rows = (row for row in _read_csv(upload, file) if row[0] > after)
        else:
            rows = workbooks.read_sheet(file, width=MAX_COLUMNS, after=after, limit=limit, on_progress=on_progress)
        with closing(rows):
            for number, cells in islice(rows, limit):
                yield number, [unescape_formula(cell) if "'" in cell else cell for cell in cells]


def count_columns(rows: list[NumberedRow]) -> int:
    """Return the number of columns of the widest row."""
    return max((len(cells) for _number, cells in rows), default=0)


def _read_csv(upload: Upload, file: BinaryIO) -> Iterator[NumberedRow]:
    encoding = get_codec_name(upload.encoding, read_head(file))
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    lines = BoundedLines(text)
    reader = csv.reader(lines, delimiter=upload.separator)
    try:
        for number, cells in enumerate(reader, start=1):
            lines.start_row()
            if number == 1 and _is_excel_separator_line(cells, upload.separator):
                continue
            if len(cells) > MAX_COLUMNS and any(cell.strip() for cell in cells[MAX_COLUMNS:]):
                raise UnsupportedFile("too-wide")
            while cells and not cells[-1].strip():
                cells.pop()
            if cells:
                yield number, cells
    except csv.Error as error:
        raise UnsupportedFile("unsupported-file") from error
    finally:
        text.detach()


def _is_excel_separator_line(cells: list[str], separator: str) -> bool:
    """Return whether this is the line that tells Excel the separator."""
    return separator.join(cells).lower() in (f"sep={separator}", "sep=")
