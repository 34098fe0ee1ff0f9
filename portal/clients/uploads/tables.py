"""Which rows does a list have? Every kind of file comes out as rows of text, with the number each has in the file."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from portal.clients.services.formula_escaping import unescape_formula
from portal.clients.uploads import workbooks
from portal.clients.uploads.encodings import decoder
from portal.clients.uploads.files import NotAList, head_of, opened
from portal.clients.uploads.models import Upload

MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 20_000

Row = tuple[int, list[str]]

csv.field_size_limit(LONGEST_CELL * 4)


def rows_of(upload: Upload, *, limit: int | None = None) -> Iterator[Row]:
    """Yield every row that has anything in it, headings included, with its number. Raises NotAList."""
    with opened(upload) as file:
        yield from islice(_numbered(upload, file), limit)


def width_of(rows: list[Row]) -> int:
    """Return how many columns the widest of some rows has."""
    return max((len(cells) for _number, cells in rows), default=0)


def _numbered(upload: Upload, file: BinaryIO) -> Iterator[Row]:
    found = _of_csv(upload, file) if upload.kind == Upload.Kind.CSV else _of_workbook(file)
    for number, cells in found:
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, [unescape_formula(cell) if "'" in cell else cell for cell in cells]


def _of_csv(upload: Upload, file: BinaryIO) -> Iterator[Row]:
    encoding = decoder(upload.encoding, head_of(file))
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    reader = csv.reader(text, delimiter=upload.separator)
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1 and _names_separator(cells, upload.separator):
                continue
            if len(cells) > MOST_COLUMNS and any(cell.strip() for cell in cells[MOST_COLUMNS:]):
                raise NotAList("too-wide")
            yield number, cells
    except csv.Error as error:
        raise NotAList("not-a-list") from error
    finally:
        text.detach()


def _of_workbook(file: BinaryIO) -> Iterator[Row]:
    yield from enumerate(workbooks.rows_of(file, width=MOST_COLUMNS), start=1)


def _names_separator(cells: list[str], separator: str) -> bool:
    """Tell whether this is the line by which Excel is told the separator."""
    return separator.join(cells).lower() in (f"sep={separator}", "sep=")
