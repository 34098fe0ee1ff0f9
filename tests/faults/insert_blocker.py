"""A gate that blocks inserts into a table, so that a test can kill an import in the middle."""

import psycopg

CREATE_FUNCTION = """
CREATE OR REPLACE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint); RETURN NEW; END $$
"""
CREATE_TRIGGER = """
CREATE TRIGGER gate_{number} BEFORE INSERT ON {table} FOR EACH ROW WHEN (substr(NEW.name, 3)::int >= {row})
EXECUTE FUNCTION wait_at_the_gate({number})
"""


class InsertBlocker:
    """Blocks the insert of rows named "N 7", "N 8" and so on, from a given number, until it is opened.

    The connection has the business's schema on its path, commits each statement and lives as long as the gate.
    """

    def __init__(self, connection: psycopg.Connection, number: int, *, table: str, row: int) -> None:
        self._connection, self._number = connection, number
        connection.execute("SELECT pg_advisory_lock(%s)", [number])
        connection.execute(CREATE_FUNCTION)
        connection.execute(CREATE_TRIGGER.format(number=number, table=table, row=row))

    def find_waiting_backends(self) -> set[int]:
        """Return the ids of the backends whose insert is blocked now."""
        waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
        return {pid for (pid,) in self._connection.execute(waiting, [self._number])}

    def release(self) -> None:
        """Let all inserts pass from now on."""
        self._connection.execute("SELECT pg_advisory_unlock(%s)", [self._number])
