"""Updating some fields of many upload rows in one statement."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from portal.clients.uploads.models import Upload, UploadRow
from tenants.raw_sql import get_column_type, quote_table

CLASSIFIED_FIELDS = (
    "outcome",
    "reason",
    "reason_detail",
    "client_id",
    "would_fill",
    "would_overwrite",
    "adds_address",
)


def bulk_update_rows(upload: Upload, rows: Sequence[UploadRow], fields: Sequence[str] = CLASSIFIED_FIELDS) -> None:
    """Save these fields of these rows in one statement."""
    if not rows:
        return
    types = {field: get_column_type(UploadRow, field) for field in fields}
    assignments = ", ".join(f"{field} = {_format_value(field, types[field])}" for field in fields)
    arrays = ", ".join(f"%s::{'jsonb' if _is_array(types[field]) else types[field]}[]" for field in fields)
    columns = [[_encode_column_value(getattr(row, field)) for row in rows] for field in fields]
    numbers = [row.number for row in rows]
    with connection.cursor() as cursor:
        # The table's statistics are out of date while an upload fills it; PostgreSQL might choose a nested loop.
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        cursor.execute(
            f"UPDATE {quote_table(UploadRow)} AS stored SET {assignments} "
            f"FROM unnest(%s::int[], {arrays}) AS new (number, {', '.join(fields)}) "
            "WHERE stored.upload_id = %s AND stored.number = new.number AND stored.number BETWEEN %s AND %s",
            [numbers, *columns, upload.pk, min(numbers), max(numbers)],
        )
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")


def _format_value(field: str, column_type: str) -> str:
    """Return the new value of a field; an array comes as JSON, because PostgreSQL has no arrays of arrays."""
    return f"ARRAY(SELECT jsonb_array_elements_text(new.{field}))" if _is_array(column_type) else f"new.{field}"


def _is_array(column_type: str) -> bool:
    return column_type.endswith("[]")


def _encode_column_value(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value
