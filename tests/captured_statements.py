"""Captures the SQL statements that PostgreSQL receives from this process; `tests` and `bench` count them.

libpq traces every message it sends, so BEGIN, COMMIT and `SET search_path`, which Django's own counting partly
overlooks, are counted too.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

SENT = re.compile(r'^F\t\d+\t(?:Query\t "|Parse\t "[^"]*" ")(.*?)"?$')
SETUP = re.compile(r"(BEGIN|SET search_path = [^;]+); ")
TRANSACTION_CONTROL = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET search_path)\b", re.IGNORECASE)
NO_TIMESTAMPS = 1


@dataclass
class CapturedStatements:
    """The first line of each statement sent while the block lasted, and in how many messages they went."""

    sent: list[str] = field(default_factory=list)
    round_trips: int = 0

    @property
    def queries(self) -> list[str]:
        """Return the statements that read or write data: all but transaction control and `SET search_path`."""
        return [statement for statement in self.sent if not TRANSACTION_CONTROL.match(statement)]


@contextmanager
def capture_statements() -> Iterator[CapturedStatements]:
    """Capture the statements of this thread's connection, which is opened first so that opening it isn't counted."""
    connection.ensure_connection()
    captured = CapturedStatements()
    with tempfile.TemporaryFile("w+") as log:
        libpq = connection.connection.pgconn
        libpq.trace(log.fileno())
        libpq.set_trace_flags(NO_TIMESTAMPS)
        try:
            yield captured
        finally:
            libpq.untrace()
        log.seek(0)
        messages = [match[1] for line in log if (match := SENT.match(line))]
        captured.round_trips = len(messages)
        captured.sent += [statement for message in messages for statement in _split_message(message)]


def _split_message(message: str) -> Iterator[str]:
    """Yield the statements of one message: the setup that tenants.backend puts in front, then the statement itself."""
    while setup := SETUP.match(message):
        yield setup[1]
        message = message[setup.end() :]
    yield message.strip()
