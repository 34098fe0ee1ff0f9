"""Which processes did we start, and how do they end, even those of a run that was killed?"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from config.local.state_dir import StateDir


class Process:
    """One program in a process group of its own, so that ending it ends its children and nobody else's."""

    def __init__(
        self, name: str, state_dir: StateDir, *, stop_with: signal.Signals = signal.SIGTERM, stop_timeout: float = 8
    ) -> None:
        self.name = name
        self.state_dir = state_dir
        self.stop_with = stop_with
        self.stop_timeout = stop_timeout
        self.log = state_dir.subdirectory("logs") / f"{name}.log"
        self._popen: subprocess.Popen[bytes] | None = None

    def start(
        self, command: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        """Start the command with its output going to the log, and remember it for the next run."""
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=env,
                cwd=cwd,
            )
        self.state_dir.write_json(
            f"run/{self.name}.json", [self.pid, psutil.Process(self.pid).create_time(), self.stop_with]
        )

    @property
    def pid(self) -> int:
        """The process id, which is the group's id too."""
        assert self._popen is not None, f"{self.name} was never started"
        return self._popen.pid

    def exit_code(self) -> int | None:
        """How it ended; None while it runs or when it never ran."""
        return self._popen.poll() if self._popen else None

    def is_running(self) -> bool:
        """Say whether it was started and has not ended."""
        return self._popen is not None and self._popen.poll() is None

    def wait_for_exit(self) -> int:
        """Wait for it to end by itself and return how it did."""
        assert self._popen is not None, f"{self.name} was never started"
        code = self._popen.wait()
        self.wait(time.monotonic())
        return code

    def request_stop(self) -> None:
        """Send the polite signal to the program and return at once."""
        if self.is_running():
            os.kill(self.pid, self.stop_with)

    def wait(self, until: float) -> None:
        """Wait for the end; what is left of the group at `until` (monotonic seconds) is killed."""
        if self._popen is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(max(0.0, until - time.monotonic()))
        _signal_group(self.pid, signal.SIGKILL)
        self._popen.wait()
        (self.state_dir.path / "run" / f"{self.name}.json").unlink(missing_ok=True)
        self._popen = None

    def stop(self) -> None:
        """End it, politely first."""
        self.request_stop()
        self.wait(time.monotonic() + self.stop_timeout)

    def kill(self) -> None:
        """End it and its children at once, as a power cut would."""
        if self._popen is not None:
            # PostgreSQL's leave the group; of one that has ended, only the group is left to end.
            family = psutil.Process(self.pid).children(recursive=True) if self.is_running() else []
            for member in family:
                with suppress(psutil.NoSuchProcess):
                    member.kill()
            psutil.wait_procs(family, timeout=5)
        self.wait(time.monotonic())

    def last_log_line(self) -> str:
        """Return the last line of the log that says something."""
        lines = self.log.read_text(errors="replace").split("\n") if self.log.exists() else []
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def stop_leftovers(state_dir: StateDir) -> None:
    """End what a killed run left behind. Call with the home locked; a recycled process id is left alone."""
    records = sorted((state_dir.path / "run").glob("*.json"))
    leftovers = [
        leftover
        for record in records
        if (leftover := _request_leftover_stop(*state_dir.read_json(f"run/{record.name}") or (0, 0, 0)))
    ]
    psutil.wait_procs(leftovers, timeout=8)
    for leftover in leftovers:
        _signal_group(leftover.pid, signal.SIGKILL)
    for record in records:
        record.unlink()


def _request_leftover_stop(pid: int, born: float, stop_with: int) -> psutil.Process | None:
    """Ask the process to stop if it is still the one that was started, and return it."""
    with suppress(psutil.NoSuchProcess, ValueError):
        process = psutil.Process(pid)
        if pid and abs(process.create_time() - born) < 1:
            process.send_signal(stop_with)
            return process
    return None


def _signal_group(group: int, with_signal: signal.Signals) -> None:
    # Nobody may be left in it; macOS says "not permitted" of a group of zombies.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, with_signal)
