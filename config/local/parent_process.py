"""Detects that the `make` that started this process was interrupted or has ended.

Ctrl-C reaches every program on the terminal, and make passes SIGTERM on to us. A SIGINT sent to
make alone is not passed on: make resets its handler and waits. On Linux, /proc shows which signals a process handles.
"""

import os
import signal
from pathlib import Path

SIGINT = 1 << (signal.SIGINT - 1)


class ParentProcess:
    """The process that started this one, as it was at the start."""

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.is_make = "make" in _read_process_status(self.pid).get("Name", "") and self._handles_sigint()

    def was_make_interrupted(self) -> bool:
        """Tell whether it is a make that was interrupted or has ended."""
        return self.is_make and (os.getppid() != self.pid or not self._handles_sigint())

    def _handles_sigint(self) -> bool:
        return bool(int(_read_process_status(self.pid).get("SigCgt", "0"), 16) & SIGINT)


def _read_process_status(pid: int) -> dict[str, str]:
    """Return the fields of /proc/<pid>/status; empty without Linux or without that process."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
