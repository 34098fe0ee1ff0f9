"""Has the `make` that started us been told to stop, and is it waiting for us in vain?

Ctrl-C reaches every program on the terminal, and make passes SIGTERM on to us. A SIGINT sent to make alone
it keeps to itself: it stops listening for that signal, and waits. Linux shows which signals a process listens for.
"""

import os
import signal
from pathlib import Path

SIGINT = 1 << (signal.SIGINT - 1)


class ParentProcess:
    """The process that started this one, as it was then."""

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.is_make = "make" in _status(self.pid).get("Name", "") and self._handles_sigint()

    def should_stop(self) -> bool:
        """Tell whether it is a make that was interrupted, or is no more."""
        return self.is_make and (os.getppid() != self.pid or not self._handles_sigint())

    def _handles_sigint(self) -> bool:
        return bool(int(_status(self.pid).get("SigCgt", "0"), 16) & SIGINT)


def _status(pid: int) -> dict[str, str]:
    """Read what Linux tells of a process; nothing where there is no Linux or no process."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
