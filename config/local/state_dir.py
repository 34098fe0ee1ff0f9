"""The directory in which local runs keep their state, with a lock that only one run can hold."""

import base64
import errno
import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import Any

from config.local.errors import CommandError

PROJECT_ROOT = Path(__file__).resolve().parents[2]
MIN_FREE_SPACE = 200 * 1024 * 1024


class StateDir:
    """One directory of state. The process that holds its lock may start and stop the servers that run from it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    @classmethod
    def from_environment(cls) -> "StateDir":
        """Return the directory that PORTICO_HOME names; `.portico` beside the code when it is unset."""
        named = os.environ.get("PORTICO_HOME")
        return cls(Path(named).expanduser().resolve() if named else PROJECT_ROOT / ".portico")

    def subdirectory(self, name: str) -> Path:
        """Return a subdirectory, created when missing. Raises CommandError when it can't be."""
        directory = self.path / name
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"{directory} can't be made ({error.strerror}). Set PORTICO_HOME to a directory you may write to."
            ) from error
        return directory

    def require_no_running_demo(self) -> None:
        """Raise CommandError while a demo runs from this directory."""
        if self.is_lock_held():
            raise CommandError(self.busy_message())

    def busy_message(self) -> str:
        """Return the sentence that says who uses this directory and what to do about it."""
        address = (self.read_json("demo.json") or {}).get("address", "")
        return (
            f"Portico already runs from {self.path}{f' at {address}' if address else ''}. "
            "Stop that one with Ctrl-C, or give this one a home and port of its own: "
            "make demo PORTICO_HOME=.portico2 PORT=8001"
        )

    def acquire_lock(self, busy_message: str | None = None) -> None:
        """Lock the directory until this process ends.

        Raises CommandError with `busy_message` when another holds the lock.
        """
        self._lock = self._open_lock_file()
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            raise CommandError(busy_message or self.busy_message()) from error

    def is_lock_held(self) -> bool:
        """Tell whether another process holds the lock."""
        handle = self._open_lock_file()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def _open_lock_file(self) -> int:
        return os.open(self.subdirectory(".") / "lock", os.O_WRONLY | os.O_CREAT, 0o600)

    def read_json(self, name: str) -> Any:
        """Return the value that `write_json` saved under this name; None when there is none or it is incomplete."""
        try:
            return json.loads((self.path / name).read_text())
        except (FileNotFoundError, ValueError):
            return None

    def write_json(self, name: str, value: Any) -> None:
        """Save a value for later runs, atomically and readable by its owner alone."""
        target = self.path / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(value, handle, indent=1)
        draft.replace(target)

    def load_secrets(self) -> dict[str, str]:
        """Return this directory's secrets; missing ones are generated and saved."""
        known = self.read_json("secrets.json") or {}
        wanted = {
            "SECRET_KEY": lambda: secrets.token_urlsafe(60),
            "LOGIN_CODE_KEYS": _generate_keyring,
            "DIGEST_KEYS": _generate_keyring,
            "POSTGRES_PASSWORD": lambda: secrets.token_urlsafe(24),
            "REDIS_PASSWORD": lambda: secrets.token_urlsafe(24),
        }
        missing = {name: make() for name, make in wanted.items() if name not in known}
        if missing:
            self.write_json("secrets.json", known | missing)
        return known | missing


def _generate_keyring() -> str:
    return "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()


def require_free_space(path: Path, needed: int = MIN_FREE_SPACE) -> None:
    """Raise CommandError when the disk of a path has less than `needed` bytes free."""
    existing = path
    while not existing.exists():
        existing = existing.parent
    status = os.statvfs(existing)
    free = status.f_bavail * status.f_frsize
    if free < needed:
        raise CommandError(
            f"The disk of {existing} has {free // 1_000_000} MB free and this needs {needed // 1_000_000} MB. "
            "Free some space, or set PORTICO_HOME to a directory on another disk."
        )
