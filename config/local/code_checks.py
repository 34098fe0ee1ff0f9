"""`make check`: linting, formatting, types, import contracts and migrations."""

import sys
from collections.abc import Mapping
from pathlib import Path

from config.local.child_processes import ChildProcess
from config.local.errors import CommandError
from config.local.state_dir import PROJECT_ROOT, StateDir
from config.local.step_tracking import print_step

BIN = Path(sys.prefix) / "bin"


def run_checks(state_dir: StateDir, env: Mapping[str, str]) -> None:
    """Run every check and print the output of those that fail. Raises CommandError if any did."""
    failed = [name for name, command in _list_check_commands().items() if not _run_check(state_dir, env, name, command)]
    if failed:
        raise CommandError(f"These checks failed: {', '.join(failed)}. See their output above.")


def _list_check_commands() -> dict[str, list[str | Path]]:
    templates = sorted(
        path for folder in ("templates", "portal", "tenants") for path in (PROJECT_ROOT / folder).rglob("*.html")
    )
    return {
        "Lint (ruff)": [BIN / "ruff", "check", "--quiet", "--output-format", "concise", "."],
        "Format (ruff)": [BIN / "ruff", "format", "--check", "--quiet", "--output-format", "concise", "."],
        "Templates (djade)": [BIN / "djade", "--check", *templates],
        "Who imports whom (import-linter)": [BIN / "lint-imports", "--no-logo"],
        "Types (mypy)": [BIN / "mypy", "--no-error-summary"],
        "Settings and models (Django)": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        "Migrations are complete": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    }


def _run_check(state_dir: StateDir, env: Mapping[str, str], name: str, command: list[str | Path]) -> bool:
    program = ChildProcess("check", state_dir)
    program.log.unlink(missing_ok=True)
    with print_step(name):
        program.start(command, env=env, cwd=PROJECT_ROOT)
        try:
            code = program.wait_for_exit()
        except BaseException:
            program.kill()
            raise
    if code:
        print(program.log.read_text(errors="replace"), flush=True)
    return code == 0
