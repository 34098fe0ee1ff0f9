"""By which keys do rows go that are written by the thousand?

They begin with the time (UUID, version 7), so that what comes together lies together in an index, and are made
here in one go: where PostgreSQL draws a key for each row, it may go to the operating system for each.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

BATCH_SIZE = 500
RANDOM_DIGITS = 18


def iter_uuid7(now: datetime) -> Iterator[str]:
    """Yield new keys without end."""
    timestamp = f"{int(now.timestamp() * 1000):012x}7"
    while True:
        random_hex = secrets.token_hex(BATCH_SIZE * RANDOM_DIGITS // 2)
        for start in range(0, len(random_hex), RANDOM_DIGITS):
            yield f"{timestamp}{random_hex[start : start + 3]}8{random_hex[start + 3 : start + RANDOM_DIGITS]}"


def uuid7_array(now: datetime, *, size: int) -> str:
    """Return so many new keys as an array in PostgreSQL's spelling."""
    return "{" + ",".join(islice(iter_uuid7(now), size)) + "}"
