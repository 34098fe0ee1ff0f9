"""Does a statement still run in the schema that was set, whatever stands before PostgreSQL?

A pooler in transaction mode hands each statement to whichever server connection is free, and with
it that connection's search_path: one business's request then reads another's tables, silently.
"""

import time
from collections.abc import Callable

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

CONNECT_TIMEOUT = 3


class UnsafePooler(ImproperlyConfigured):
    """Statements land in schemas that were not set; the message says what to change."""


def assert_session_pooling() -> None:
    """Set a schema on each of two connections and read both back, twice, in changing order.

    A pooler in transaction mode shows the wrong one at the third, fourth or fifth statement, whether
    it reuses its server connections in turn, newest first, or has just one. Raises UnsafePooler, or
    psycopg.OperationalError while the database is away.
    """
    with _connect() as one, _connect() as other:
        wanted = {one: "portico_probe_one", other: "portico_probe_other"}
        try:
            for client, schema in wanted.items():
                client.execute(f"SET search_path TO {schema}")
            shown = [(_schema_of(client), wanted[client]) for client in (one, other, other, one)]
        finally:
            for client in wanted:
                client.execute("RESET search_path")
    if any(found != schema for found, schema in shown):
        raise UnsafePooler(
            "DATABASE_URL leads through a pooler that forgets the schema between statements, so one business "
            "could be shown another's data. Set the pooler to session mode (PgBouncer: pool_mode = session), "
            "or let it track search_path (PgBouncer 1.25.2 or later on PostgreSQL 18 or later)."
        )


def wait_for_session_pooling(*, pause: Callable[[float], object] = time.sleep) -> None:
    """Return once the check has passed, or once `pause` says to stop; a database that is away is waited for.

    For programs that work without anybody asking whether they are ready. Raises UnsafePooler.
    """
    while True:
        try:
            return assert_session_pooling()
        except psycopg.OperationalError:
            if pause(1):
                return None


def _connect() -> psycopg.Connection:
    parameters = connection.get_connection_params() | {"connect_timeout": CONNECT_TIMEOUT, "autocommit": True}
    return psycopg.connect(**parameters)


def _schema_of(client: psycopg.Connection) -> str:
    row = client.execute("SHOW search_path").fetchone()
    return str(row[0]) if row else ""
