"""How do many rows reach the staging table at once? By COPY, in the text form that PostgreSQL reads fastest."""

import json
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from portal.clients.uploads.models import UploadRow

SPECIAL = re.compile(r"[\\\t\n\r]")
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
NOTHING = r"\N"
COLUMNS = (
    "upload_id number name emails phones language tags note custom search outcome reason about client_id "
    "fills overwrites"
)


def copy_rows(lines: Sequence[str]) -> None:
    """Add rows, each written by `line`, to the staging table, in the transaction at hand."""
    table = connection.ops.quote_name(UploadRow._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(COLUMNS.split())}) FROM STDIN") as copy:
        copy.write("".join(lines))


def line(*values: str | int | bool | list[str] | dict[str, Any] | None) -> str:
    """Return one row as a line for COPY."""
    return "\t".join([_written(value) for value in values]) + "\n"


def array(values: Iterable[str]) -> str:
    """Return texts as an array in PostgreSQL's own spelling, which is much quicker than having the driver do it."""
    return "{" + ",".join(['"' + value.replace("\\", r"\\").replace('"', r"\"") + '"' for value in values]) + "}"


def fresh_key(now: datetime) -> str:
    """Return a new time-ordered key (UUID, version 7): rows that come together lie together in an index."""
    number = int(now.timestamp() * 1000) << 80 | 7 << 76 | secrets.randbits(76) & ~(3 << 62) | 2 << 62
    return f"{number:032x}"


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value.translate(ESCAPED) if SPECIAL.search(value) else value
    if isinstance(value, list):
        return _written(array(value)) if value else "{}"
    if isinstance(value, dict):
        return json.dumps(value).translate(ESCAPED) if value else "{}"
    if value is None:
        return NOTHING
    return str(value)
