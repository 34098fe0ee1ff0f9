"""Inserts rows of several tables, and updates others, in one SQL statement and one round trip."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from tenants.django_internals import compile_insert

PASSTHROUGH_TYPES = frozenset({str, int, bool, bytes, UUID, datetime, type(None)})
ADAPTED_FIELDS = models.JSONField, ArrayField


# An UPDATE, or an upsert, in SQL that ends with its WHERE clause, and its parameters.
UpdateStatement = tuple[str, list[Any]]


def insert_all(*rows: models.Model, extra_updates: Sequence[UpdateStatement] = ()) -> None:
    """Insert rows of any tables and make `extra_updates` in one statement.

    Keys are made in Python and foreign keys are checked at commit, so the rows may refer to one another;
    the updates don't see the new rows. Raises IntegrityError, as separate inserts would.
    """
    with connection.cursor() as cursor:
        *first, last = _merge_values(cursor, [*extra_updates, *(_build_insert(row) for row in rows)])
        ctes = ", ".join(f"row_{number} AS ({sql})" for number, sql in enumerate(first))
        cursor.execute(f"WITH {ctes} {last}" if ctes else last)
    _mark_rows_saved(rows)


def insert_all_and_count_changes(changes: Sequence[UpdateStatement], *rows: models.Model) -> list[int]:
    """Insert rows and make updates or upserts in one statement; return how many rows each of these changed."""
    with connection.cursor() as cursor:
        sqls = _merge_values(cursor, changes)
        ctes = [f"change_{number} AS ({sql} RETURNING 1)" for number, sql in enumerate(sqls)]
        inserts = _merge_values(cursor, [_build_insert(row) for row in rows])
        ctes += [f"row_{number} AS ({sql})" for number, sql in enumerate(inserts)]
        counts = [f"(SELECT count(*) FROM change_{number})" for number in range(len(changes))]
        cursor.execute(f"WITH {', '.join(ctes)} SELECT {', '.join(counts)}")
        counted = list(cursor.fetchone())
    _mark_rows_saved(rows)
    return counted


def build_condition(*, after: int) -> str:
    """Return a condition for a change of `insert_all_and_count_changes`: that the change of this number was made."""
    return f"EXISTS (SELECT FROM change_{after})"


def insert_all_if_updated(
    update: UpdateStatement, *rows: models.Model, extra_updates: Sequence[UpdateStatement] = ()
) -> bool:
    """Make an update and, only if it changed a row, what `insert_all` would write, in one statement.

    Return whether it changed a row; if not, nothing is written.
    """
    guarded_updates = [(f"{sql} AND EXISTS (SELECT FROM updated)", values) for sql, values in extra_updates]
    inserts = [_build_conditional_insert(row) for row in rows]
    with connection.cursor() as cursor:
        first, *others = _merge_values(cursor, [update, *guarded_updates, *inserts])
        ctes = "".join(f", row_{number} AS ({sql})" for number, sql in enumerate(others))
        cursor.execute(f"WITH updated AS ({first} RETURNING 1){ctes} SELECT FROM updated")
        was_updated = bool(cursor.rowcount)
    if was_updated:
        _mark_rows_saved(rows)
    return was_updated


def _merge_values(cursor: CursorWrapper, statements: Sequence[UpdateStatement]) -> list[str]:
    """Return each statement with its values in it.

    psycopg remembers where the placeholders stand in a short statement, but searches a long one each time.
    """
    return [cursor.mogrify(sql, values) for sql, values in statements]


def _mark_rows_saved(rows: Sequence[models.Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _build_conditional_insert(row: models.Model) -> UpdateStatement:
    sql, values = _build_insert(row)
    into, _values, placeholders = sql.partition(" VALUES ")
    return f"{into} SELECT {placeholders[1:-1]} WHERE EXISTS (SELECT FROM updated)", values


def _build_insert(row: models.Model) -> tuple[str, list[Any]]:
    sql, fields = _compile_insert(type(row))
    return sql, [_prepare_value(field, field.pre_save(row, add=True)) for field in fields]


def _prepare_value(field: models.Field, value: Any) -> Any:
    """Return a value prepared for the database. Most values are of types that psycopg takes unchanged."""
    if type(value) in PASSTHROUGH_TYPES and not isinstance(field, ADAPTED_FIELDS):
        return value
    return field.get_db_prep_save(value, connection)


@cache
def _compile_insert(model: type[models.Model]) -> tuple[str, list[models.Field]]:
    """Return a model's INSERT and its fields, compiled once. A database default needs a default in Python too."""
    fields = list(model._meta.local_concrete_fields)
    assert not any(field.has_db_default() and not field.has_default() for field in fields), model
    return compile_insert(model, fields), fields
