"""Starting and stopping processes, including those that a killed run left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from config.local.state_dir import StateDir


class ChildProcess:
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
        """Return its exit code; None while it runs or when it never ran."""
        return self._popen.poll() if self._popen else None

    def is_running(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._popen is not None and self._popen.poll() is None

    def wait_for_exit(self) -> int:
        """Wait for it to end by itself and return its exit code."""
        assert self._popen is not None, f"{self.name} was never started"
        code = self._popen.wait()
        self.wait_or_kill(time.monotonic())
        return code

    def request_stop(self) -> None:
        """Send the program its stop signal and return at once."""
        if self.is_running():
            os.kill(self.pid, self.stop_with)

    def wait_or_kill(self, until: float) -> None:
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
        """Stop it with its signal, and kill it after the timeout."""
        self.request_stop()
        self.wait_or_kill(time.monotonic() + self.stop_timeout)

    def kill(self) -> None:
        """Kill it and its children at once."""
        if self._popen is not None:
            # PostgreSQL's children leave the group. If the program has ended, only its group can still be killed.
            children = psutil.Process(self.pid).children(recursive=True) if self.is_running() else []
            for member in children:
                with suppress(psutil.NoSuchProcess):
                    member.kill()
            psutil.wait_procs(children, timeout=5)
        self.wait_or_kill(time.monotonic())

    def last_log_line(self) -> str:
        """Return the last line of the log that is not empty."""
        lines = self.log.read_text(errors="replace").split("\n") if self.log.exists() else []
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def stop_leftovers(state_dir: StateDir) -> None:
    """Stop the processes that a killed run left behind, but no recycled process id. Call it with the lock held."""
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
    """Send the stop signal if the process is still the one that was started, and return it."""
    with suppress(psutil.NoSuchProcess, ValueError):
        process = psutil.Process(pid)
        if pid and abs(process.create_time() - born) < 1:
            process.send_signal(stop_with)
            return process
    return None


def _signal_group(group: int, with_signal: signal.Signals) -> None:
    # The group may be empty; for a group of zombies macOS reports "not permitted".
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, with_signal)
