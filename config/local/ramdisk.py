"""A directory in memory for the database of a test run."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from config.local.state_dir import StateDir

RAMDISK = Path("/dev/shm")  # noqa: S108 - a directory of a random name is made in it
# In bytes; a whole run takes less than half of it.
MIN_FREE_SPACE = 3_000_000_000
RECORD = "ramdisk.json"


@contextmanager
def ramdisk_directory(state_dir: StateDir) -> Iterator[Path | None]:
    """Give a directory in memory until the block ends; None without such a file system or enough space on it.

    A test database is a thousand files, copied a hundred times a run: on a disk that takes half of a quick run's time.
    """
    _remove_directory(state_dir)
    if not _has_free_memory():
        yield None
        return
    directory = Path(tempfile.mkdtemp(prefix="portico-", dir=RAMDISK))
    state_dir.write_json(RECORD, str(directory))  # for the next run, should this one be killed
    try:
        yield directory
    finally:
        _remove_directory(state_dir)


def _has_free_memory() -> bool:
    if not RAMDISK.is_dir():
        return False
    return min(shutil.disk_usage(RAMDISK).free, psutil.virtual_memory().available) >= MIN_FREE_SPACE


def _remove_directory(state_dir: StateDir) -> None:
    if directory := state_dir.read_json(RECORD):
        shutil.rmtree(directory, ignore_errors=True)
        (state_dir.path / RECORD).unlink()
