"""How is a list shown: its first rows, its columns, its numbers?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.forms import BoundField, Form
from django.utils.translation import gettext as _

from portal.clients.uploads import services, tables
from portal.clients.uploads.models import Upload, UploadRow

LONGEST_SHOWN = 60
SAMPLES = 3


@dataclass(frozen=True)
class Table:
    """A list's first rows, all of one width."""

    headings: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Column:
    """One column and the question what it holds."""

    field: BoundField
    heading: str
    samples: list[str]


def table_of(upload: Upload) -> Table:
    """Return the first rows as the upload's format reads them. Raises NotAList."""
    rows = services.preview(upload)
    width = max(tables.width_of(rows), 1)
    cells = [_fitted(row, width) for _number, row in rows]
    if upload.has_headings and cells:
        return Table(cells[0], cells[1:])
    return Table([_("Column %(number)s") % {"number": number + 1} for number in range(width)], cells)


def described(upload: Upload, form: Form) -> list[Column]:
    """Return each column with its heading and what stands in it."""
    shown = table_of(upload)
    fields = list(form)
    return [
        Column(field, heading or "", [cell for cell in column if cell][:SAMPLES])
        for field, heading, column in zip(
            fields, _padded(shown.headings, len(fields)), _columns(shown.rows, len(fields)), strict=True
        )
    ]


def tally(upload: Upload) -> list[dict[str, Any]]:
    """Return how many rows there are of each outcome, in words."""
    return [
        {"word": outcome.value, "label": outcome.label, "number": upload.counts.get(outcome.value, 0)}
        for outcome in UploadRow.Outcome
    ]


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    shown = [cell if len(cell) <= LONGEST_SHOWN else f"{cell[:LONGEST_SHOWN]}…" for cell in cells]
    return [cell.replace("\0", "�") for cell in _padded(shown, width)]


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    found = [list(column) for column in zip_longest(*rows, fillvalue="")]
    return [*found[:width], *([] for _missing in range(width - len(found)))]
