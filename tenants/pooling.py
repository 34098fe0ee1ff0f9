"""Refuses connection poolers that don't keep the search path between statements.

A pooler in transaction mode sends each statement over whichever server connection is free, with that
connection's search_path: one business's request would then silently read another's tables.
"""

import time
from collections.abc import Callable

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

CONNECT_TIMEOUT = 3


class UnsafePooler(ImproperlyConfigured):
    """The pooler loses the search path between statements; the message says what to change."""


def assert_session_pooling() -> None:
    """Set a search path on each of two connections and read both back, twice, in changing order.

    A pooler in transaction mode returns the wrong one at the third, fourth or fifth statement, whether it reuses
    its server connections in turn, newest first, or has just one. Raises UnsafePooler, or
    psycopg.OperationalError while the database is unreachable.
    """
    with open_connection() as first, open_connection() as second:
        search_paths = {first: "portico_probe_one", second: "portico_probe_other"}
        try:
            for probe, schema in search_paths.items():
                probe.execute(f"SET search_path TO {schema}")
            results = [(_read_search_path(probe), search_paths[probe]) for probe in (first, second, second, first)]
        finally:
            for probe in search_paths:
                probe.execute("RESET search_path")
    if any(found != expected for found, expected in results):
        raise UnsafePooler(
            "DATABASE_URL leads through a pooler that forgets the schema between statements, so one business "
            "could be shown another's data. Set the pooler to session mode (PgBouncer: pool_mode = session), "
            "or let it track search_path (PgBouncer 1.25.2 or later on PostgreSQL 18 or later)."
        )


def wait_for_session_pooling(*, pause: Callable[[float], object] = time.sleep) -> None:
    """Wait until the database is reachable and the check has passed, or until `pause` returns true to stop.

    For processes without a readiness check. Raises UnsafePooler.
    """
    while True:
        try:
            return assert_session_pooling()
        except psycopg.OperationalError:
            if pause(1):
                return None


def open_connection() -> psycopg.Connection:
    """Open a connection to the database beside those that Django keeps."""
    parameters = connection.get_connection_params() | {"connect_timeout": CONNECT_TIMEOUT, "autocommit": True}
    return psycopg.connect(**parameters)


def _read_search_path(probe: psycopg.Connection) -> str:
    row = probe.execute("SHOW search_path").fetchone()
    return str(row[0]) if row else ""
