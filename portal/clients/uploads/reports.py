"""What became of a list, row by row? And which rows have to be mended?"""

import csv
import io
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.clients.services.formula_escaping import escape_formula
from portal.clients.uploads import file_rows
from portal.clients.uploads.error_texts import row_error_text
from portal.clients.uploads.models import Upload, UploadRow

Outcome = UploadRow.Outcome
# Rows that were not taken, and won't be before somebody mends them.
FAILED_OUTCOMES = (Outcome.ERROR, Outcome.CONFLICT)
UTF8_BOM = b"\xef\xbb\xbf"


def filter_rows(upload: Upload, outcome: str) -> QuerySet[UploadRow]:
    """Return the rows with one outcome, or all of them, in the order of the file."""
    rows = upload.rows.order_by("number")
    return rows.filter(outcome=outcome) if outcome in Outcome.values else rows


def failed_rows_csv(upload: Upload) -> Iterator[bytes]:
    """Yield a CSV file of the rows that were not taken, as they came, each behind its reason.

    It can be mended and uploaded: the reason's column means nothing to us, and what a spreadsheet would take
    for a formula is disarmed in the way that an upload restores.
    """
    failed = upload.rows.filter(outcome__in=FAILED_OUTCOMES).values_list("number", "reason", "reason_detail")
    reasons = {number: row_error_text(reason, detail) for number, reason, detail in failed}
    rows = file_rows.read_rows(upload)
    yield UTF8_BOM
    if upload.has_headings and (headings := next(rows, None)):
        yield _csv_line(upload, [_("Why it was not taken over"), *headings[1]])
    for number, cells in rows:
        if number in reasons:
            yield _csv_line(upload, [reasons[number], *cells])


def _csv_line(upload: Upload, cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=upload.separator or ",").writerow(
        [escape_formula(cell.replace("\0", "")) for cell in cells]
    )
    return line.getvalue().encode("utf-8", errors="replace")
