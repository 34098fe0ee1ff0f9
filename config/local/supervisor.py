"""Are all programs still running, what do they complain of, and how do they end together?"""

import re
import time
from collections.abc import Mapping, Sequence

from config.local.home import PROJECT, Home
from config.local.processes import Process
from config.local.programs import Program
from config.local.trouble import Trouble

# Warnings and errors of every logger in use, the last line of a traceback, and what a refused setting is told.
COMPLAINT = re.compile(
    r"\[(?i:warning|error|critical)\s*\]|^(?:WARNING|ERROR|CRITICAL)\b|\b\w+(?:Error|Exception|Configured): |^[A-Z][A-Z_]+: "
)
LONGEST_PAUSE = 30.0
STEADY = 60.0  # Seconds after which a program that stops counts as healthy until then.
STOP_WITHIN = 7.0
LOG_LIMIT = 5_000_000


class Child:
    """One program: its process, its log read so far, and when it may start again."""

    def __init__(self, program: Program, home: Home) -> None:
        self.program = program
        self.process = Process(program.name, home)
        if self.process.log.exists() and self.process.log.stat().st_size > LOG_LIMIT:
            self.process.log.unlink()
        self.process.log.touch()
        self._read_to = self.process.log.stat().st_size
        self.started_at = 0.0
        self.start_again_at = 0.0
        self.falls = 0

    def start(self, env: Mapping[str, str], now: float) -> None:
        """Start it."""
        self.process.start(self.program.command, env=env, cwd=PROJECT)
        self.started_at = now

    def complaints(self) -> list[str]:
        """Return the warnings and errors logged since the last call."""
        with self.process.log.open(errors="replace") as log:
            log.seek(self._read_to)
            lines = log.readlines()
            self._read_to = log.tell()
        return [line.strip() for line in lines if COMPLAINT.search(line)]

    def fell(self, now: float) -> str | None:
        """Return a sentence, once, when it has ended by itself; each fall in a row doubles the pause that follows."""
        code = self.process.exit_code()
        if code is None:
            return None
        self.falls = 1 if now - self.started_at > STEADY else self.falls + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (self.falls - 1) - 1)
        self.start_again_at = now + pause
        words = self.process.last_words()
        self.process.wait(now)
        return f"{self.program.name} stopped ({_ending(code)}): {words} It starts again {f'in {pause:.0f} s' if pause else 'now'}."


class Supervisor:
    """Every program of a run; what it started it restarts, and in the end stops, and nothing else."""

    def __init__(self, programs: Sequence[Program], home: Home, env: Mapping[str, str]) -> None:
        self.children = [Child(program, home) for program in programs]
        self.env = env

    def start(self) -> None:
        """Start every program."""
        for child in self.children:
            child.start(self.env, time.monotonic())

    def look(self) -> None:
        """Tell what fell or complained since the last look, and start again what is due."""
        now = time.monotonic()
        for child in self.children:
            for line in child.complaints():
                _tell(f"{child.program.name}: {line}")
            if sentence := child.fell(now):
                _tell(sentence)
            if not child.process.running() and now >= child.start_again_at:
                child.start(self.env, now)

    def require_all(self) -> None:
        """Raise Trouble when a program has ended already, while all are still starting: it would not come up later."""
        for child in self.children:
            if child.process.exit_code() is not None:
                words = child.process.last_words()
                raise Trouble(f"{child.program.name} does not start: {words} ({child.process.log} has the rest)")

    def stop(self) -> None:
        """End every program, all at once and politely; the stubborn are killed."""
        for child in self.children:
            child.process.ask_to_stop()
        until = time.monotonic() + STOP_WITHIN
        for child in self.children:
            child.process.wait(until)


def _ending(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _tell(sentence: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')}  {sentence}", flush=True)
