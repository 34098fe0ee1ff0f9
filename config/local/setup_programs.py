"""Runs a program of the set-up to its end, with its output in the set-up log."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.local.child_processes import ChildProcess
from config.local.errors import CommandError
from config.local.state_dir import PROJECT_ROOT, StateDir

ERROR_LINE = re.compile(r"(?i)\b\w*(?:error|configured)\b: |unknown command")


def run_manage_command(state_dir: StateDir, env: Mapping[str, str], *args: str) -> None:
    """Run one of Django's commands. Raises CommandError with its last line when it fails."""
    run_program(state_dir, [sys.executable, "manage.py", *args], env, failure_message=f"`manage.py {args[0]}` failed.")


def run_program(
    state_dir: StateDir,
    command: Sequence[str | Path],
    env: Mapping[str, str],
    *,
    failure_message: str,
    cwd: Path = PROJECT_ROOT,
) -> None:
    """Run a program to its end with its output in the set-up log; it is killed when we are interrupted."""
    program = ChildProcess("set-up", state_dir)
    program.start(command, env=env, cwd=cwd)
    try:
        code = program.wait_for_exit()
    except BaseException:
        program.kill()
        raise
    if code:
        raise CommandError(f"{failure_message} {_summarise_command_output(program)} ({program.log} has the rest)")


def _summarise_command_output(program: ChildProcess) -> str:
    """Return the last line of the program's output that looks like an error, else the last line."""
    lines = [line.strip() for line in program.log.read_text(errors="replace")[-20_000:].split("\n") if line.strip()]
    if any("No space left on device" in line or "ENOSPC" in line for line in lines):
        return "The disk is full; free some space and run this again."
    return next((line for line in reversed(lines) if ERROR_LINE.search(line)), program.last_log_line())
