"""Where does this machine keep Portico's state, and who is using it now?"""

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
    """One directory of state. Whoever holds its lock may start and stop what runs from it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    @classmethod
    def default(cls) -> "StateDir":
        """Return the home that PORTICO_HOME names; `.portico` beside the code when unset."""
        named = os.environ.get("PORTICO_HOME")
        return cls(Path(named).expanduser().resolve() if named else PROJECT_ROOT / ".portico")

    def subdirectory(self, name: str) -> Path:
        """Return a directory of this home, made when missing."""
        place = self.path / name
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"{place} can't be made ({error.strerror}). Set PORTICO_HOME to a directory you may write to."
            ) from error
        return place

    def require_unused(self) -> None:
        """Refuse to go on while a demo runs from this home."""
        if self.is_locked():
            raise CommandError(self.busy_message())

    def busy_message(self) -> str:
        """Say who uses this home and what to do about it."""
        address = (self.read_json("demo.json") or {}).get("address", "")
        return (
            f"Portico already runs from {self.path}{f' at {address}' if address else ''}. "
            "Stop that one with Ctrl-C, or give this one a home and port of its own: make demo PORTICO_HOME=.portico2 PORT=8001"
        )

    def lock(self, busy_message: str | None = None) -> None:
        """Claim the home until this process ends, however it ends; say `busy` when someone else has it."""
        self._lock = self._open_lock_file()
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            raise CommandError(busy_message or self.busy_message()) from error

    def is_locked(self) -> bool:
        """Say whether another process holds the lock."""
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
        """Return what `write` kept under this name; None when it kept nothing whole."""
        try:
            return json.loads((self.path / name).read_text())
        except (FileNotFoundError, ValueError):
            return None

    def write_json(self, name: str, value: Any) -> None:
        """Keep a value for later runs, readable by its owner alone, whole or not at all."""
        target = self.path / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(value, handle, indent=1)
        draft.replace(target)

    def load_secrets(self) -> dict[str, str]:
        """Return this home's secrets, made up once and kept."""
        known = self.read_json("secrets.json") or {}
        wanted = {
            "SECRET_KEY": lambda: secrets.token_urlsafe(60),
            "LOGIN_CODE_KEYS": lambda: "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "POSTGRES_PASSWORD": lambda: secrets.token_urlsafe(24),
            "REDIS_PASSWORD": lambda: secrets.token_urlsafe(24),
        }
        missing = {name: make() for name, make in wanted.items() if name not in known}
        if missing:
            self.write_json("secrets.json", known | missing)
        return known | missing


def require_free_space(path: Path, needed: int = MIN_FREE_SPACE) -> None:
    """Refuse to begin on a disk that can't hold what follows."""
    place = path
    while not place.exists():
        place = place.parent
    status = os.statvfs(place)
    free = status.f_bavail * status.f_frsize
    if free < needed:
        raise CommandError(
            f"The disk of {place} has {free // 1_000_000} MB free and this needs {needed // 1_000_000} MB. "
            "Free some space, or set PORTICO_HOME to a directory on another disk."
        )
