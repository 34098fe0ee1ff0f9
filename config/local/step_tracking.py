"""Progress lines on the terminal, and a record of steps that need not run again."""

import hashlib
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.local.state_dir import StateDir


@contextmanager
def print_step(name: str) -> Iterator[None]:
    """Print one line: what is being done, and then the seconds it took."""
    print(f"  {name:<38}", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - began:6.1f} s", flush=True)


def compute_fingerprint(inputs: Iterable[Path], *also: str) -> str:
    """Return a hash of the contents of files and directories and of further strings."""
    digest = hashlib.sha256("\0".join([sys.prefix, *also]).encode())
    for path in sorted(_list_files(inputs)):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@contextmanager
def track_setup_step(state_dir: StateDir, name: str, inputs_hash: str, *, makes: Path | None = None) -> Iterator[bool]:
    """Yield whether the step is due: until it succeeded with this fingerprint, and again when `makes` is missing."""
    records = state_dir.read_json("steps.json") or {}
    due = records.get(name) != inputs_hash or bool(makes and not makes.exists())
    yield due
    if due:
        state_dir.write_json("steps.json", (state_dir.read_json("steps.json") or {}) | {name: inputs_hash})


def _list_files(inputs: Iterable[Path]) -> Iterator[Path]:
    for path in inputs:
        if path.is_dir():
            yield from (found for found in path.rglob("*") if found.is_file() and "__pycache__" not in found.parts)
        elif path.exists():
            yield path
