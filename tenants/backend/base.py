"""How does a statement reach PostgreSQL in the schema it is meant for, in one journey?

django-tenants sends `SET search_path` on its own whenever the business changes, and psycopg
sends `BEGIN` on its own: two journeys before a request's first question. Here both travel
ahead of that question, in the same message. What PostgreSQL was told is remembered, and
forgotten as soon as a failure may have undone it.
"""

import re
from functools import lru_cache
from typing import Any, cast

from django.db.utils import ProgrammingError
from django_tenants.postgresql_backend import base
from psycopg import ClientCursor, sql
from psycopg.pq import TransactionStatus

# Statements that may share a message. Others, such as CREATE DATABASE, go on their own.
PIGGYBACK_ELIGIBLE = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b")
# These mean the same in any schema, and some of them are all that a failed transaction still takes.
SCHEMA_INDEPENDENT = re.compile(r"\s*(?:SAVEPOINT|RELEASE|ROLLBACK)\b")


@lru_cache(maxsize=4096)
def search_path_statement(schema: str, include_public: bool) -> str:
    """Return the statement that makes a schema the one that is meant, with `public` behind it."""
    names = dict.fromkeys([schema, "public"] if include_public else [schema])
    return f"SET search_path = {', '.join(sql.Identifier(name).as_string() for name in names)}"


class PiggybackCursor(ClientCursor[Any]):
    """A cursor that takes along whatever has to be said before its statement."""

    wrapper: "DatabaseWrapper | None" = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Execute a statement in the transaction and the schema that are meant; its own result is the one to fetch."""
        if self.wrapper is None or not (setup := self.wrapper.pending_setup(query)):
            return super().execute(query, params, **options)
        if not (isinstance(query, str) and PIGGYBACK_ELIGIBLE.match(query)):
            self.send_setup(setup)
            return super().execute(query, params, **options)
        self.send_setup(setup, self.mogrify(query, params))
        while self.nextset():
            pass
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        """Execute a statement with each set of parameters, as `execute` does."""
        if self.wrapper and (setup := self.wrapper.pending_setup(query)):
            self.send_setup(setup)
        super().executemany(query, params_seq, **options)

    def copy(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Copy into or out of the schema that is meant."""
        if self.wrapper and (setup := self.wrapper.pending_setup(statement)):
            self.send_setup(setup)
        return super().copy(statement, params, **options)

    def send_setup(self, setup: list[str], statement: str = "") -> None:
        """Say what is owed, with the statement it is owed for or alone."""
        wrapper, *_, last = cast(DatabaseWrapper, self.wrapper), *setup
        if last != "BEGIN":
            wrapper.applied_search_path = None  # until PostgreSQL has said yes
        super().execute("; ".join([*setup, statement] if statement else setup))
        if last != "BEGIN":
            wrapper.applied_search_path = last


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection. It knows which schema is meant, and which one PostgreSQL was last told of."""

    applied_search_path: str | None = None

    @property
    def wanted_search_path(self) -> str:
        """Return the statement that PostgreSQL has to have heard for this thread's schema."""
        return search_path_statement(self.schema_name, self.include_public_schema)

    def pending_setup(self, query: Any) -> list[str]:
        """Return what has to be said before a statement: that a transaction begins, whose schema is meant."""
        in_transaction = self.autocommit or self.connection.pgconn.transaction_status != TransactionStatus.IDLE
        setup = [] if in_transaction else ["BEGIN"]
        if self.applied_search_path != self.wanted_search_path and not (
            isinstance(query, str) and SCHEMA_INDEPENDENT.match(query)
        ):
            setup.append(self.wanted_search_path)
        return setup

    def flush_setup(self) -> None:
        """Have PostgreSQL told everything, for those who go past Django's cursors."""
        with self.cursor() as cursor:
            cursor.execute("SELECT 1")

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Mean another schema from the next statement on. Content types are all shared, so none has to be forgotten."""
        self.tenant, self.schema_name, self.include_public_schema = tenant, tenant.schema_name, include_public
        self.set_settings_schema(tenant.schema_name)

    def get_connection_params(self) -> dict[str, Any]:
        """Let psycopg begin no transaction of its own accord: a statement brings the BEGIN along."""
        return super().get_connection_params() | {"autocommit": True, "cursor_factory": PiggybackCursor}

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor that takes along what its statement needs; for a named one it is said beforehand."""
        if name:
            self.flush_setup()
        cursor = super().create_cursor(name)
        if not name:
            cursor.wrapper = self
        return cursor

    def close(self) -> None:
        """Close the connection, and forget what it was told."""
        self.applied_search_path = None
        super().close()

    def rollback(self) -> None:
        """Roll back, and forget what may have been told within what is undone."""
        self.applied_search_path = None
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        """Roll back to a savepoint, and forget what may have been told since."""
        self.applied_search_path = None
        super().savepoint_rollback(sid)

    def _commit(self) -> None:
        try:
            super()._commit()
        except Exception:
            self.applied_search_path = None
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        """Refuse to forget an open transaction; all else `owed` learns from Django's own `autocommit`."""
        if autocommit and self.connection.pgconn.transaction_status != TransactionStatus.IDLE:
            raise ProgrammingError("A transaction is under way: commit it or roll it back first.")

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Do nothing when a cursor is made: its statements bring the path along."""
