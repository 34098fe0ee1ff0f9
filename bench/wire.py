"""Which statements does PostgreSQL really receive?

Counted where they leave this process: libpq writes down every message it sends, so
BEGIN, COMMIT and `SET search_path`, which Django's own counting partly overlooks, are seen too.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

SENT = re.compile(r'^F\t\d+\t(?:Query\t "|Parse\t "[^"]*" ")(.*?)"?$')
AHEAD = re.compile(r"(BEGIN|SET search_path = [^;]+); ")
CONTROL = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET search_path)\b", re.IGNORECASE)
WITHOUT_TIMES = 1


@dataclass
class Statements:
    """What was sent while the block lasted, the first line of each statement, and in how many messages."""

    sent: list[str] = field(default_factory=list)
    journeys: int = 0

    @property
    def work(self) -> list[str]:
        """Those that ask or change something: all but transaction control and `SET search_path`."""
        return [statement for statement in self.sent if not CONTROL.match(statement)]


@contextmanager
def statements() -> Iterator[Statements]:
    """Collect the statements of this thread's connection, which is opened first so that opening it costs nothing here."""
    connection.ensure_connection()
    seen = Statements()
    with tempfile.TemporaryFile("w+") as log:
        wire = connection.connection.pgconn
        wire.trace(log.fileno())
        wire.set_trace_flags(WITHOUT_TIMES)
        try:
            yield seen
        finally:
            wire.untrace()
        log.seek(0)
        messages = [match[1] for line in log if (match := SENT.match(line))]
        seen.journeys = len(messages)
        seen.sent += [one for message in messages for one in _apart(message)]


def _apart(message: str) -> Iterator[str]:
    """Yield the statements of one message: what tenants.backend sends ahead, then what it is sent for."""
    while ahead := AHEAD.match(message):
        yield ahead[1]
        message = message[ahead.end() :]
    yield message.strip()
