"""Dumps the template schema to SQL statements and restores them as a new schema."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from django.db import connection
from psycopg import sql

from tenants import pg_catalog
from tenants.backend.base import DatabaseWrapper
from tenants.context import use_business, use_public
from tenants.models import Business, SchemaSnapshot

TEMPLATE_SCHEMA = "template"


class UnsupportedSchemaObject(Exception):
    """The template has an object of a kind that a snapshot doesn't support."""


class MissingSchemaSnapshot(Exception):
    """There is no snapshot to create a business from, because the platform has not been migrated yet."""


def build_template_business() -> Business:
    """Return an unsaved Business that stands for the template schema, which belongs to no business."""
    return Business(schema_name=TEMPLATE_SCHEMA, name="Template")


def refresh_schema_snapshot(*, now: datetime) -> bool:
    """Update the stored snapshot from the template if needed; return whether it changed."""
    fingerprint = _compute_fingerprint()
    if SchemaSnapshot.objects.filter(fingerprint=fingerprint).exists():
        return False
    values = {"fingerprint": fingerprint, "statements": dump_schema(build_template_business()), "made_at": now}
    with use_public():
        SchemaSnapshot.objects.update_or_create(id=1, defaults=values)
    return True


def lock_current_snapshot() -> SchemaSnapshot:
    """Return the snapshot and keep it from changing until this transaction ends.

    So a new business is either created from the newest snapshot or committed before a migration lists the
    businesses to migrate. Raises MissingSchemaSnapshot.
    """
    row = SchemaSnapshot.objects.raw("SELECT * FROM tenants_schemasnapshot WHERE id = 1 FOR SHARE")
    try:
        return row[0]
    except IndexError as error:
        raise MissingSchemaSnapshot("Run `manage.py migrate_businesses` first.") from error


def dump_schema(business: Business) -> list[str]:
    """Return the statements that create a copy of a business's schema. Raises UnsupportedSchemaObject."""
    with use_business(business), connection.cursor() as cursor:
        if unsupported := _fetch_column(cursor, pg_catalog.UNSUPPORTED_OBJECTS):
            raise UnsupportedSchemaObject(f"A schema snapshot can't contain {', '.join(unsupported)}.")
        before = [statement for query in pg_catalog.BEFORE_ROWS for statement in _fetch_column(cursor, query)]
        after = [statement for query in pg_catalog.AFTER_ROWS for statement in _fetch_column(cursor, query)]
        return [*before, *_iter_insert_statements(cursor), *after]


def restore_schema(statements: list[str]) -> None:
    """Run the statements in the current schema, each as a message of its own, in one round trip."""
    cast(DatabaseWrapper, connection).flush_pending_statements()
    raw = connection.connection
    with connection.wrap_database_errors, raw.pipeline(), raw.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, prepare=False)


def _compute_fingerprint() -> str:
    """Return a digest of what the dump depends on: the template's migrations and the server's major version."""
    with use_business(build_template_business()), connection.cursor() as cursor:
        applied = _fetch_column(cursor, "SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        [version] = _fetch_column(cursor, "SELECT current_setting('server_version_num')::int / 10000 || ''")
    return hashlib.sha256("\n".join([version, *applied]).encode()).hexdigest()


def _fetch_column(cursor, query: str) -> list[str]:
    cursor.execute(query)
    return [row[0] for row in cursor.fetchall()]


def _iter_insert_statements(cursor) -> Iterator[str]:
    """Yield an INSERT for each table with rows: applied migrations and the initial rows of every business."""
    cursor.execute(pg_catalog.WRITABLE_COLUMNS)
    for table, columns in cursor.fetchall():
        name = sql.Identifier(table)
        cursor.execute(sql.SQL("SELECT jsonb_agg(to_jsonb(r) ORDER BY r.ctid)::text FROM {} r").format(name))
        if rows := cursor.fetchone()[0]:
            yield _build_insert_statement(name, sql.SQL(columns), rows)


def _build_insert_statement(table: sql.Identifier, columns: sql.SQL, rows: str) -> str:
    statement = "INSERT INTO {0} ({1}) SELECT {1} FROM jsonb_populate_recordset(NULL::{0}, {2})"
    return sql.SQL(statement).format(table, columns, sql.Literal(rows)).as_string(connection.connection)
