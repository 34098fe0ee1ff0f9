"""By which keys do rows go that are written by the thousand?

They begin with the time (UUID, version 7), so that what comes together lies together in an index, and are made
here in one go: where PostgreSQL draws a key for each row, it may go to the operating system for each.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

TOGETHER = 500
DIGITS = 18


def fresh_keys(now: datetime) -> Iterator[str]:
    """Yield new keys without end."""
    instant = f"{int(now.timestamp() * 1000):012x}7"
    while True:
        chance = secrets.token_hex(TOGETHER * DIGITS // 2)
        for start in range(0, len(chance), DIGITS):
            yield f"{instant}{chance[start : start + 3]}8{chance[start + 3 : start + DIGITS]}"


def array_of_fresh_keys(now: datetime, *, size: int) -> str:
    """Return so many new keys as an array in PostgreSQL's spelling."""
    return "{" + ",".join(islice(fresh_keys(now), size)) + "}"
