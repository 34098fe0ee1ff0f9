"""How do several new rows reach the database in one round trip?"""

from typing import Any

from django.db import connection, models
from django.db.models.sql import InsertQuery


def write_together(*rows: models.Model) -> None:
    """Insert new rows of one schema, whatever their tables, in a single statement.

    Keys are made in Python, and foreign keys are checked at commit, so the rows may
    refer to one another. Raises IntegrityError as separate inserts would.
    """
    statements, values = zip(*(_insert(row) for row in rows), strict=True)
    *first, last = statements
    ahead = ", ".join(f"row_{number} AS ({sql})" for number, sql in enumerate(first))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {ahead} {last}" if ahead else last, [value for row in values for value in row])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _insert(row: models.Model) -> tuple[str, tuple[Any, ...]]:
    query = InsertQuery(type(row))
    query.insert_values(row._meta.local_concrete_fields, [row])
    [(sql, values)] = query.get_compiler(connection=connection).as_sql()
    return sql, values
