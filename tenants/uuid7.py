"""Generates UUIDs of version 7 in batches, as keys of rows that are inserted by the thousand.

They begin with the time, so that rows inserted together are neighbours in an index. Random bytes are drawn for
a whole batch at once: PostgreSQL's own function may call the operating system for each key.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

BATCH_SIZE = 500
RANDOM_DIGITS = 18


def iter_uuid7(now: datetime) -> Iterator[str]:
    """Yield new keys endlessly."""
    timestamp = f"{int(now.timestamp() * 1000):012x}7"
    while True:
        random_hex = secrets.token_hex(BATCH_SIZE * RANDOM_DIGITS // 2)
        for start in range(0, len(random_hex), RANDOM_DIGITS):
            yield f"{timestamp}{random_hex[start : start + 3]}8{random_hex[start + 3 : start + RANDOM_DIGITS]}"


def generate_uuid7_array(now: datetime, *, size: int) -> str:
    """Return `size` new keys as a PostgreSQL array literal."""
    return "{" + ",".join(islice(iter_uuid7(now), size)) + "}"
