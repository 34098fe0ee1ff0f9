"""What pages show of an upload: its first rows, its columns and the counts of its outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.forms import BoundField, Form
from django.utils.translation import gettext as _

from portal.clients.uploads import file_rows, services
from portal.clients.uploads.column_headings import EMAIL, PHONE, is_unknown_heading, names_somebody_else
from portal.clients.uploads.models import RowOutcome, Upload

MAX_PREVIEW_LENGTH = 60
SAMPLE_COUNT = 3


@dataclass(frozen=True)
class PreviewTable:
    """The first rows of a list, all of the same width."""

    headings: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class UploadColumn:
    """One column: the form field for its target, its heading, some values, and whose it is as far as that says."""

    field: BoundField
    heading: str
    samples: list[str]
    names_somebody_else: bool
    has_unknown_heading: bool


def build_preview_table(upload: Upload) -> PreviewTable:
    """Return the first rows as the upload's format reads them. Raises UnsupportedFile."""
    rows = services.preview_rows(upload)
    width = max(file_rows.count_columns(rows), 1)
    cells = [_fit_cells(row, width) for _number, row in rows]
    if upload.has_headings and cells:
        return PreviewTable(cells[0], cells[1:])
    return PreviewTable([_("Column %(number)s") % {"number": number + 1} for number in range(width)], cells)


def build_upload_columns(upload: Upload, form: Form) -> list[UploadColumn]:
    """Return each column with its form field, heading and first values."""
    shown = build_preview_table(upload)
    fields = list(form)
    return [
        UploadColumn(
            field,
            heading or "",
            [cell for cell in column if cell][:SAMPLE_COUNT],
            upload.has_headings and names_somebody_else(heading or ""),
            upload.has_headings and is_unknown_heading(heading or ""),
        )
        for field, heading, column in zip(
            fields, _pad_cells(shown.headings, len(fields)), _transpose_rows(shown.rows, len(fields)), strict=True
        )
    ]


def list_risky_headings(columns: Sequence[UploadColumn]) -> list[str]:
    """Return the headings, perhaps about somebody else, whose columns were assigned to the client's email or phone."""
    return [
        column.heading for column in columns if column.has_unknown_heading and column.field.value() in (EMAIL, PHONE)
    ]


def count_outcomes(upload: Upload) -> list[dict[str, Any]]:
    """Return the label and number of rows of each outcome."""
    return [
        {"value": outcome.value, "label": outcome.label, "number": upload.counts.get(outcome.value, 0)}
        for outcome in RowOutcome
    ]


def _fit_cells(cells: Sequence[str], width: int) -> list[str]:
    shown = [cell if len(cell) <= MAX_PREVIEW_LENGTH else f"{cell[:MAX_PREVIEW_LENGTH]}…" for cell in cells]
    return [cell.replace("\0", "�") for cell in _pad_cells(shown, width)]


def _pad_cells(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _transpose_rows(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    found = [list(column) for column in zip_longest(*rows, fillvalue="")]
    return [*found[:width], *([] for _missing in range(width - len(found)))]
