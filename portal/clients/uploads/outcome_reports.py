"""The outcome of an upload row by row, and the file of its failed rows."""

import csv
import io
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.clients.uploads import file_rows
from portal.clients.uploads.error_texts import explain_row_error
from portal.clients.uploads.models import RowOutcome, Upload, UploadRow
from portal.ui.formula_escaping import escape_formula

# Rows that are not imported until somebody corrects them or answers.
FAILED_OUTCOMES = (RowOutcome.ERROR, RowOutcome.CONFLICT, RowOutcome.REVIEW)
UTF8_BOM = b"\xef\xbb\xbf"


def filter_rows(upload: Upload, outcome: str) -> QuerySet[UploadRow]:
    """Return the rows with this outcome, or all rows if there is no such outcome, in the order of the file."""
    rows = upload.rows.order_by("number")
    return rows.filter(outcome=outcome) if outcome in RowOutcome.values else rows


def iter_failed_rows_csv(upload: Upload) -> Iterator[bytes]:
    """Yield a CSV file of the failed rows as they were uploaded, each after its reason.

    It can be corrected and uploaded: the column of reasons has no target, and escaped formulas are unescaped. Raises
    UnsupportedFile, SandboxBusy.
    """
    failed = upload.rows.filter(outcome__in=FAILED_OUTCOMES).values_list("number", "reason", "reason_detail")
    reasons = {number: explain_row_error(reason, detail) for number, reason, detail in failed}
    rows = file_rows.read_rows(upload)
    yield UTF8_BOM
    if upload.has_headings and (headings := next(rows, None)):
        yield _format_csv_line(upload, [_("Reason"), *headings[1]])
    for number, cells in rows:
        if number in reasons:
            yield _format_csv_line(upload, [reasons[number], *cells])


def _format_csv_line(upload: Upload, cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=upload.separator or ",").writerow(
        [escape_formula(cell.replace("\0", "")) for cell in cells]
    )
    return line.getvalue().encode("utf-8", errors="replace")
