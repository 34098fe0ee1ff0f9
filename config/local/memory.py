"""Where does the database of a test run stand, which nobody needs afterwards?"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from config.local.home import Home

MEMORY = Path("/dev/shm")  # noqa: S108 - a directory of a random name is made in it
# A whole run takes less than half of it.
ROOM_NEEDED = 3_000_000_000
NOTE = "memory.json"


@contextmanager
def room(home: Home) -> Iterator[Path | None]:
    """Give a directory that is held in memory, gone after the block; None where memory has no room or isn't a directory.

    A test's database is a thousand files, made anew a hundred times: on a disk that takes half of a quick run's time.
    """
    _remove(home)
    if not _has_room():
        yield None
        return
    place = Path(tempfile.mkdtemp(prefix="portico-", dir=MEMORY))
    home.write(NOTE, str(place))  # for the next run, should this one be killed
    try:
        yield place
    finally:
        _remove(home)


def _has_room() -> bool:
    if not MEMORY.is_dir():
        return False
    return min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available) >= ROOM_NEEDED


def _remove(home: Home) -> None:
    if place := home.read(NOTE):
        shutil.rmtree(place, ignore_errors=True)
        (home.path / NOTE).unlink()
