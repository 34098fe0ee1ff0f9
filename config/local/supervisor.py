"""Restarts the demo's programs when they crash, prints the errors they log, and stops them together."""

import re
import time
from collections.abc import Mapping, Sequence

from config.local.child_processes import ChildProcess
from config.local.demo_programs import DemoProgram
from config.local.errors import CommandError
from config.local.state_dir import PROJECT_ROOT, StateDir

# Warnings and errors of every logger in use, the last line of a traceback, and the error of an invalid setting.
ERROR_LINE = re.compile(
    r"\[(?i:warning|error|critical)\s*\]|^(?:WARNING|ERROR|CRITICAL)\b"
    r"|\b\w+(?:Error|Exception|Configured): |^[A-Z][A-Z_]+: "
)
MAX_RESTART_DELAY = 30.0
HEALTHY_AFTER = 60.0  # A program that ran for this many seconds was healthy: its restart delay starts again.
STOP_TIMEOUT = 7.0
LOG_LIMIT = 5_000_000


class SupervisedProgram:
    """One program with its process, the offset up to which its log was read, and when it may restart."""

    def __init__(self, program: DemoProgram, state_dir: StateDir) -> None:
        self.program = program
        self.process = ChildProcess(program.name, state_dir)
        if self.process.log.exists() and self.process.log.stat().st_size > LOG_LIMIT:
            self.process.log.unlink()
        self.process.log.touch()
        self._log_offset = self.process.log.stat().st_size
        self.started_at = 0.0
        self.restart_at = 0.0
        self.crashes = 0

    def start(self, env: Mapping[str, str], now: float) -> None:
        """Start it."""
        self.process.start(self.program.command, env=env, cwd=PROJECT_ROOT)
        self.started_at = now

    def new_error_lines(self) -> list[str]:
        """Return the warnings and errors logged since the last call."""
        with self.process.log.open(errors="replace") as log:
            log.seek(self._log_offset)
            lines = log.readlines()
            self._log_offset = log.tell()
        return [line.strip() for line in lines if ERROR_LINE.search(line)]

    def detect_crash(self, now: float) -> str | None:
        """Return a sentence, once, when it has ended by itself; each crash in a row doubles the restart delay."""
        code = self.process.exit_code()
        if code is None:
            return None
        self.crashes = 1 if now - self.started_at > HEALTHY_AFTER else self.crashes + 1
        pause = min(MAX_RESTART_DELAY, 2.0 ** (self.crashes - 1) - 1)
        self.restart_at = now + pause
        last_line = self.process.last_log_line()
        self.process.wait_or_kill(now)
        when = f"in {pause:.0f} s" if pause else "now"
        return f"{self.program.name} stopped ({_describe_exit(code)}): {last_line} It starts again {when}."


class Supervisor:
    """All programs of a run: starts them, restarts those that crash, and stops them."""

    def __init__(self, programs: Sequence[DemoProgram], state_dir: StateDir, env: Mapping[str, str]) -> None:
        self.children = [SupervisedProgram(program, state_dir) for program in programs]
        self.env = env

    def start(self) -> None:
        """Start every program."""
        for child in self.children:
            child.start(self.env, time.monotonic())

    def check_programs(self) -> None:
        """Print crashes and new error lines since the last call, and restart programs that are due."""
        now = time.monotonic()
        for child in self.children:
            for line in child.new_error_lines():
                _print_with_time(f"{child.program.name}: {line}")
            if sentence := child.detect_crash(now):
                _print_with_time(sentence)
            if not child.process.is_running() and now >= child.restart_at:
                child.start(self.env, now)

    def require_all_running(self) -> None:
        """Raise CommandError when a program ended while all are still starting: it would not come up later."""
        for child in self.children:
            if child.process.exit_code() is not None:
                last_line = child.process.last_log_line()
                raise CommandError(
                    f"{child.program.name} does not start: {last_line} ({child.process.log} has the rest)"
                )

    def stop(self) -> None:
        """Stop all programs at once, and kill those that do not stop in time."""
        for child in self.children:
            child.process.request_stop()
        until = time.monotonic() + STOP_TIMEOUT
        for child in self.children:
            child.process.wait_or_kill(until)


def _describe_exit(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _print_with_time(sentence: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')}  {sentence}", flush=True)
