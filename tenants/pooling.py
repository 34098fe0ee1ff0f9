"""Does a statement still run in the schema that was set, whatever stands before PostgreSQL?

A pooler in transaction mode hands each statement to whichever server connection is free, and with
it that connection's search_path: one business's request then reads another's tables, silently.
"""

import time
from collections.abc import Callable

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

PATIENCE = 3


class UnsafePooler(ImproperlyConfigured):
    """Statements land in schemas that were not set; the message says what to change."""


def check() -> None:
    """Set a schema on each of two connections and read both back, twice, in changing order.

    A pooler in transaction mode shows the wrong one at the third, fourth or fifth statement, whether
    it reuses its server connections in turn, newest first, or has just one. Raises UnsafePooler, or
    psycopg.OperationalError while the database is away.
    """
    with _checkout() as one, _checkout() as other:
        wanted = {one: "portico_probe_one", other: "portico_probe_other"}
        try:
            for checkout, schema in wanted.items():
                checkout.execute(f"SET search_path TO {schema}")
            shown = [(_schema_of(checkout), wanted[checkout]) for checkout in (one, other, other, one)]
        finally:
            for checkout in wanted:
                checkout.execute("RESET search_path")
    if any(found != schema for found, schema in shown):
        raise UnsafePooler(
            "DATABASE_URL leads through a pooler that forgets the schema between statements, so one business "
            "could be shown another's data. Set the pooler to session mode (PgBouncer: pool_mode = session), "
            "or let it track search_path (PgBouncer 1.25.2 or later on PostgreSQL 18 or later)."
        )


def wait_until_safe(*, pause: Callable[[float], object] = time.sleep) -> None:
    """Return once the check has passed, or once `pause` says to stop; a database that is away is waited for.

    For programs that work without anybody asking whether they are ready. Raises UnsafePooler.
    """
    while True:
        try:
            return check()
        except psycopg.OperationalError:
            if pause(1):
                return None


def _checkout() -> psycopg.Connection:
    parameters = connection.get_connection_params() | {"connect_timeout": PATIENCE, "autocommit": True}
    return psycopg.connect(**parameters)


def _schema_of(checkout: psycopg.Connection) -> str:
    row = checkout.execute("SHOW search_path").fetchone()
    return str(row[0]) if row else ""
