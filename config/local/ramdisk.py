"""A directory in memory for the database of a test run."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from config.local.home import Home

RAMDISK = Path("/dev/shm")  # noqa: S108 - a directory of a random name is made in it
# In bytes; a whole run takes less than half of it.
SPACE_NEEDED = 3_000_000_000
RECORD = "ramdisk.json"


@contextmanager
def ramdisk_directory(home: Home) -> Iterator[Path | None]:
    """Make a directory in memory that is removed after the block, and give its path; None where there is no such file system, or too little space.

    A test database is a thousand files, copied a hundred times a run: on a disk that takes half of a quick run's time.
    """
    _remove(home)
    if not _has_space():
        yield None
        return
    directory = Path(tempfile.mkdtemp(prefix="portico-", dir=RAMDISK))
    home.write(RECORD, str(directory))  # for the next run, should this one be killed
    try:
        yield directory
    finally:
        _remove(home)


def _has_space() -> bool:
    if not RAMDISK.is_dir():
        return False
    return min(shutil.disk_usage(RAMDISK).free, psutil.virtual_memory().available) >= SPACE_NEEDED


def _remove(home: Home) -> None:
    if directory := home.read(RECORD):
        shutil.rmtree(directory, ignore_errors=True)
        (home.path / RECORD).unlink()
