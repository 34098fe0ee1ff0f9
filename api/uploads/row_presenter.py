"""What the API shows of the rows of an upload."""

from typing import Any

from portal.clients.uploads.error_texts import explain_row_error
from portal.clients.uploads.row_results import RowResult, RowStatus

# The field that each reason for an error is about; any other is about the whole row.
FIELDS_BY_REASON = {
    "no-address": "emails",
    "no-name": "name",
    "name-too-long": "name",
    "tag-too-long": "tags",
    "bad-email": "emails",
    "bad-phone": "phones",
    "shortened-phone": "phones",
    "bad-language": "language",
    "bad-value": "custom",
}


def present_row_result(result: RowResult, *, offset: int = 0) -> dict[str, Any]:
    """Return what the API shows of a row; `offset` is the number of the first one."""
    return {
        "row": result.row.number - offset,
        "status": result.status,
        "client_id": result.client_id,
        "other_row": None if result.other_row is None else result.other_row - offset,
        "errors": _present_errors(result, offset),
        "candidates": [
            {
                "client_id": candidate.client.pk,
                "name": candidate.client.name,
                "address": candidate.masked,
                "created_at": candidate.client.created_at,
            }
            for candidate in result.candidates.first
        ],
        "candidate_count": result.candidates.total,
    }


def _present_errors(result: RowResult, offset: int) -> list[dict[str, str]]:
    row = result.row
    if result.status not in (RowStatus.ERROR, RowStatus.QUESTION):
        return []
    detail = row.reason_detail if result.other_row is None else str(result.other_row - offset)
    return [
        {
            "field": FIELDS_BY_REASON.get(row.reason, ""),
            "code": row.reason.replace("-", "_"),
            "message": explain_row_error(row.reason, detail),
        }
    ]
