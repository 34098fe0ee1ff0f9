"""How is the template schema turned into statements that make another schema just like it?"""

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
    """The template holds something that a blueprint can't say."""


class MissingSnapshot(Exception):
    """The platform has not been migrated yet, so there is nothing to make a business from."""


def template_business() -> Business:
    """Return a stand-in for the template schema, which belongs to nobody and has no row."""
    return Business(schema_name=TEMPLATE_SCHEMA, name="Template")


def refresh(*, now: datetime) -> bool:
    """Bring the stored blueprint in step with the template; tell whether it had to change."""
    fingerprint = _compute_fingerprint()
    if SchemaSnapshot.objects.filter(fingerprint=fingerprint).exists():
        return False
    values = {"fingerprint": fingerprint, "statements": dump(template_business()), "made_at": now}
    with use_public():
        SchemaSnapshot.objects.update_or_create(id=1, defaults=values)
    return True


def lock_current() -> SchemaSnapshot:
    """Return the blueprint and keep it from changing until this transaction ends.

    So a business is either made from the newest blueprint or is there, committed, by
    the time a migration lists the businesses that have to follow. Raises MissingSnapshot.
    """
    row = SchemaSnapshot.objects.raw("SELECT * FROM tenants_schemasnapshot WHERE id = 1 FOR SHARE")
    try:
        return row[0]
    except IndexError as error:
        raise MissingSnapshot("Run `manage.py migrate_businesses` first.") from error


def dump(business: Business) -> list[str]:
    """Return the statements that make a schema like this business's. Raises CannotCopy."""
    with use_business(business), connection.cursor() as cursor:
        if unsupported := _fetch_column(cursor, pg_catalog.UNSUPPORTED_OBJECTS):
            raise UnsupportedSchemaObject(f"A blueprint can't hold {', '.join(unsupported)}.")
        before = [statement for query in pg_catalog.BEFORE_ROWS for statement in _fetch_column(cursor, query)]
        after = [statement for query in pg_catalog.AFTER_ROWS for statement in _fetch_column(cursor, query)]
        return [*before, *_insert_statements(cursor), *after]


def restore(statements: list[str]) -> None:
    """Run the statements in the schema this thread works in, each as a message of its own, in one round trip."""
    cast(DatabaseWrapper, connection).flush_setup()
    raw = connection.connection
    with connection.wrap_database_errors, raw.pipeline(), raw.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, prepare=False)


def _compute_fingerprint() -> str:
    """Name what the template's catalogs depend on: its migrations and the server's major version."""
    with use_business(template_business()), connection.cursor() as cursor:
        applied = _fetch_column(cursor, "SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        [version] = _fetch_column(cursor, "SELECT current_setting('server_version_num')::int / 10000 || ''")
    return hashlib.sha256("\n".join([version, *applied]).encode()).hexdigest()


def _fetch_column(cursor, query: str) -> list[str]:
    cursor.execute(query)
    return [row[0] for row in cursor.fetchall()]


def _insert_statements(cursor) -> Iterator[str]:
    """Yield an INSERT for each table that holds rows: its migrations and the rows every business starts with."""
    cursor.execute(pg_catalog.WRITABLE_COLUMNS)
    for table, columns in cursor.fetchall():
        name = sql.Identifier(table)
        cursor.execute(sql.SQL("SELECT jsonb_agg(to_jsonb(r) ORDER BY r.ctid)::text FROM {} r").format(name))
        if rows := cursor.fetchone()[0]:
            yield _insert_statement(name, sql.SQL(columns), rows)


def _insert_statement(table: sql.Identifier, columns: sql.SQL, rows: str) -> str:
    statement = "INSERT INTO {0} ({1}) SELECT {1} FROM jsonb_populate_recordset(NULL::{0}, {2})"
    return sql.SQL(statement).format(table, columns, sql.Literal(rows)).as_string(connection.connection)
