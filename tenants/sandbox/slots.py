"""Slots of parser processes: how many may run at once on one machine or pod, and in what share for each business.

A slot is a lock on a file. The parser process inherits it, so it is free again when both processes have ended,
however they ended.
"""

import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

from django.conf import settings

# Requests that wait for a slot, one of each business, so that those of others find a thread of the web server.
MAX_WAITING = 4
# Businesses share this many files of locks; two that have the same file take turns.
OWNER_FILES = 4096
POLL_SECONDS = 0.05


class SandboxBusy(Exception):
    """All slots, or that of the business, are taken; a later attempt may find one."""


@contextmanager
def acquire_slot(owner: str, *, wait_seconds: float) -> Iterator[list[int]]:
    """Hold a slot, and the only one of its owner, until the block ends; yield the descriptors of its locks.

    Raises SandboxBusy when none is free after `wait_seconds`, or at once when enough others wait already, or one of the
    same owner.
    """
    with ExitStack() as stack:
        locks = _try_to_lock_slot(owner) or _wait_for_slot(owner, wait_seconds)
        for lock in locks:
            stack.callback(os.close, lock)
        yield locks


def _wait_for_slot(owner: str, wait_seconds: float) -> list[int]:
    with _take_seat(owner):
        deadline = time.monotonic() + wait_seconds
        while time.monotonic() < deadline:
            if locks := _try_to_lock_slot(owner):
                return locks
            time.sleep(POLL_SECONDS)
        raise SandboxBusy


@contextmanager
def _take_seat(owner: str) -> Iterator[None]:
    """Wait on a seat, the only one of its owner, until the block ends. Raises SandboxBusy when there is none."""
    with ExitStack() as stack:
        for names in [f"waiting-{_get_owner_number(owner)}"], [f"seat-{number}" for number in range(MAX_WAITING)]:
            lock = _lock_any(names)
            if lock is None:
                raise SandboxBusy
            stack.callback(os.close, lock)
        yield


def _get_owner_number(owner: str) -> int:
    return int.from_bytes(sha256(owner.encode()).digest()[:4]) % OWNER_FILES


def _try_to_lock_slot(owner: str) -> list[int]:
    """Return the locks of a slot, or nothing."""
    owner_lock = _lock_any([f"owner-{_get_owner_number(owner)}"])
    if owner_lock is None:
        return []
    slot = _lock_any([f"slot-{number}" for number in range(settings.SANDBOX_PROCESSES)])
    if slot is None:
        os.close(owner_lock)
        return []
    return [owner_lock, slot]


def _lock_any(names: list[str]) -> int | None:
    """Lock one of these files, and return its descriptor, or None when others hold them all."""
    directory = _open_lock_directory()
    for name in names:
        descriptor = os.open(directory / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return descriptor
    return None


def _open_lock_directory() -> Path:
    """Return the directory of the locks, which only this user can write to. Raises PermissionError."""
    directory: Path = settings.SANDBOX_LOCK_DIR
    directory.mkdir(mode=0o700, exist_ok=True)
    status = directory.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise PermissionError("the directory of the sandbox's locks belongs to somebody else")
    return directory
