"""How do several new rows reach the database in one round trip?"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.sql import InsertQuery

AS_THEY_ARE = frozenset({str, int, bool, bytes, UUID, datetime, type(None)})
WRAPPED = models.JSONField, ArrayField


# An UPDATE in SQL that ends in its condition, and its values.
UpdateStatement = tuple[str, list[Any]]


def insert_all(*rows: models.Model, extra_updates: Sequence[UpdateStatement] = ()) -> None:
    """Insert new rows, whatever their tables, and make the changes `beside` them, in a single statement.

    Keys are made in Python, and foreign keys are checked at commit, so the rows may
    refer to one another; the changes see none of them. Raises IntegrityError as separate
    inserts would.
    """
    statements, values = zip(*extra_updates, *(_insert(row) for row in rows), strict=True)
    *first, last = statements
    ahead = ", ".join(f"row_{number} AS ({sql})" for number, sql in enumerate(first))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {ahead} {last}" if ahead else last, [value for row in values for value in row])
    _are_stored(rows)


def update_then_insert(
    change: UpdateStatement, *rows: models.Model, extra_updates: Sequence[UpdateStatement] = ()
) -> bool:
    """Make a change and, if it meets a row, all that `insert_all` would write, in a single statement.

    False: it met none, and nothing was written.
    """
    changes = [(f"{sql} AND EXISTS (SELECT FROM met)", values) for sql, values in extra_updates]
    statements, values = zip(change, *changes, *(_insert_if_met(row) for row in rows), strict=True)
    then = "".join(f", row_{number} AS ({sql})" for number, sql in enumerate(statements[1:]))
    with connection.cursor() as cursor:
        sql = f"WITH met AS ({statements[0]} RETURNING 1){then} SELECT FROM met"
        cursor.execute(sql, [value for row in values for value in row])
        met = bool(cursor.rowcount)
    if met:
        _are_stored(rows)
    return met


def _are_stored(rows: Sequence[models.Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _insert_if_met(row: models.Model) -> UpdateStatement:
    sql, values = _insert(row)
    into, _values, places = sql.partition(" VALUES ")
    return f"{into} SELECT {places[1:-1]} WHERE EXISTS (SELECT FROM met)", values


def _insert(row: models.Model) -> tuple[str, list[Any]]:
    sql, fields = _statement(type(row))
    return sql, [_value(field, field.pre_save(row, add=True)) for field in fields]


def _value(field: models.Field, value: Any) -> Any:
    """Return a value as the database takes it; these kinds it takes as they are, and most values are of them."""
    if type(value) in AS_THEY_ARE and not isinstance(field, WRAPPED):
        return value
    return field.get_db_prep_save(value, connection)


@cache
def _statement(model: type[models.Model]) -> tuple[str, list[models.Field]]:
    """Put a model's INSERT together once; what Django would leave to the database is not for this module."""
    fields = list(model._meta.local_concrete_fields)
    assert not any(field.has_db_default() for field in fields), model
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    [(sql, _values)] = query.get_compiler(connection=connection).as_sql()
    return sql, fields
