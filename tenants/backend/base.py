"""Sends BEGIN and SET search_path together with the next statement, to save round trips.

django-tenants sends `SET search_path` separately whenever the business changes, and psycopg sends `BEGIN`
separately: two round trips before a request's first query. Here both are prepended to that query, in the same
message. The search path PostgreSQL has applied is remembered, and forgotten as soon as a failure may have undone it.
"""

import re
from functools import lru_cache
from typing import Any, cast

from django.db.utils import ProgrammingError
from django_tenants.postgresql_backend import base
from psycopg import ClientCursor, sql
from psycopg.pq import TransactionStatus

from tenants import database_clock
from tenants.django_internals import HookedDatabaseWrapper

# Statements that BEGIN and SET search_path may be prepended to. Others, such as CREATE DATABASE, are sent alone.
PIGGYBACK_ELIGIBLE = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b")
# Statements that need no search path. A failed transaction accepts only some of these.
SCHEMA_INDEPENDENT = re.compile(r"\s*(?:SAVEPOINT|RELEASE|ROLLBACK)\b")
# A program that was killed, or whose machine is gone, keeps no locks: PostgreSQL looks while a statement runs or waits,
# and the kernel asks a silent machine.
FIND_LOST_CLIENTS = (
    "SET client_connection_check_interval = '2s'; SET tcp_keepalives_idle = 30; "
    "SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)


@lru_cache(maxsize=4096)
def search_path_statement(schema: str, include_public: bool) -> str:
    """Return the statement that sets the search path to a schema, followed by `public` if wanted."""
    names = dict.fromkeys([schema, "public"] if include_public else [schema])
    return f"SET search_path = {', '.join(sql.Identifier(name).as_string() for name in names)}"


class PiggybackCursor(ClientCursor[Any]):
    """A cursor that prepends the pending statements, BEGIN and SET search_path, to its own."""

    wrapper: "DatabaseWrapper | None" = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Execute a statement in a transaction and in the wanted schema; only its own result can be fetched."""
        if self.wrapper is None or not (pending := self.wrapper.list_pending_statements(query)):
            return super().execute(query, params, **options)
        if not (isinstance(query, str) and PIGGYBACK_ELIGIBLE.match(query)):
            self.send_pending_statements(pending)
            return super().execute(query, params, **options)
        self.send_pending_statements(pending, self.mogrify(query, params))
        while self.nextset():
            pass
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        """Execute a statement with each set of parameters, as `execute` does."""
        if self.wrapper and (pending := self.wrapper.list_pending_statements(query)):
            self.send_pending_statements(pending)
        super().executemany(query, params_seq, **options)

    def copy(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Run COPY in the wanted schema."""
        if self.wrapper and (pending := self.wrapper.list_pending_statements(statement)):
            self.send_pending_statements(pending)
        return super().copy(statement, params, **options)

    def send_pending_statements(self, pending: list[str], statement: str = "") -> None:
        """Send the pending statements, alone or with the statement that needs them."""
        wrapper, *_, last = cast(DatabaseWrapper, self.wrapper), *pending
        if last != "BEGIN":
            wrapper.applied_search_path = None  # until PostgreSQL has confirmed it
        super().execute("; ".join([*pending, statement] if statement else pending))
        if last != "BEGIN":
            wrapper.applied_search_path = last


class DatabaseWrapper(HookedDatabaseWrapper, base.DatabaseWrapper):
    """One thread's connection. It knows the wanted search path and the one that PostgreSQL has applied.

    A new cursor sends nothing: its statements bring the search path.
    """

    applied_search_path: str | None = None

    @property
    def wanted_search_path(self) -> str:
        """Return the statement that sets the search path of the current tenant."""
        return search_path_statement(self.schema_name, self.include_public_schema)

    def list_pending_statements(self, query: Any) -> list[str]:
        """Return the statements to send before a query: BEGIN, SET search_path, both or none."""
        begin_needed = not self.autocommit and self.connection.pgconn.transaction_status == TransactionStatus.IDLE
        pending = ["BEGIN"] if begin_needed else []
        if self.applied_search_path != self.wanted_search_path and not (
            isinstance(query, str) and SCHEMA_INDEPENDENT.match(query)
        ):
            pending.append(self.wanted_search_path)
        return pending

    def flush_pending_statements(self) -> None:
        """Send the pending statements now, for code that bypasses Django's cursors."""
        with self.cursor() as cursor:
            cursor.execute("SELECT 1")

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Switch to a schema with the next statement. Content types are all shared, so their cache stays."""
        self.tenant, self.schema_name, self.include_public_schema = tenant, tenant.schema_name, include_public
        self.set_settings_schema(tenant.schema_name)

    def get_connection_params(self) -> dict[str, Any]:
        """Keep psycopg from sending BEGIN itself: it is prepended to the first statement."""
        return super().get_connection_params() | {"autocommit": True, "cursor_factory": PiggybackCursor}

    def init_connection_state(self) -> None:
        """Have lost clients found, and the database's clock read again: this may be another server."""
        super().init_connection_state()
        self.connection.execute(FIND_LOST_CLIENTS)
        database_clock.request_measurement()

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor that prepends the pending statements; before a named cursor they are sent alone."""
        if name:
            self.flush_pending_statements()
        cursor = super().create_cursor(name)
        if not name:
            cursor.wrapper = self
        return cursor

    def close(self) -> None:
        """Close the connection and forget its search path."""
        self.applied_search_path = None
        super().close()

    def rollback(self) -> None:
        """Roll back and forget the search path, which may have been set in what is undone."""
        self.applied_search_path = None
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        """Roll back to a savepoint and forget the search path, which may have been set since."""
        self.applied_search_path = None
        super().savepoint_rollback(sid)

    def handle_failed_commit(self) -> None:
        """Forget the search path, which may have been set in what was not committed."""
        self.applied_search_path = None

    def change_autocommit(self, *, autocommit: bool) -> None:
        """Refuse to abandon an open transaction; otherwise `list_pending_statements` reads Django's `autocommit`."""
        if autocommit and self.connection.pgconn.transaction_status != TransactionStatus.IDLE:
            raise ProgrammingError("A transaction is under way: commit it or roll it back first.")
