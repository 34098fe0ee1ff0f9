"""How is what was decided about many rows noted on them at once?"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from portal.clients.uploads.models import Upload, UploadRow

TYPES = {"outcome": "text", "reason": "text", "about": "text", "client_id": "uuid", "fills": "boolean"}
TYPES |= {"overwrites": "boolean", "before": "jsonb"}
JUDGED = ("outcome", "reason", "about", "client_id", "fills", "overwrites")


def note(upload: Upload, rows: Sequence[UploadRow], fields: Sequence[str] = JUDGED) -> None:
    """Write these fields of these rows in one statement."""
    if not rows:
        return
    table = connection.ops.quote_name(UploadRow._meta.db_table)
    said = ", ".join(f"{field} = said.{field}" for field in fields)
    arrays = ", ".join(f"%s::{TYPES[field]}[]" for field in fields)
    columns = [[_plain(getattr(row, field)) for row in rows] for field in fields]
    numbers = [row.number for row in rows]
    with connection.cursor() as cursor:
        # What PostgreSQL knows of a table that a list is just filling is out of date; it might compare all with all.
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        cursor.execute(
            f"UPDATE {table} AS noted SET {said} FROM unnest(%s::int[], {arrays}) AS said (number, {', '.join(fields)}) "
            "WHERE noted.upload_id = %s AND noted.number = said.number AND noted.number BETWEEN %s AND %s",
            [numbers, *columns, upload.pk, min(numbers), max(numbers)],
        )
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value
