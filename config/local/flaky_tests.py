"""Runs the tests, and runs those that failed in a browser or with killed processes once more.

A test that drives a browser or kills processes depends on programs that are not ours and on a machine that may be busy.
One that failed is run once more, in a fresh process. If it passes there it is flaky: it is counted and named at the
very end, and the output of both runs is kept. All other tests have one try.
"""

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RERUN_MARKS = {"browser", "faults"}

Pytest = Callable[[Sequence[str]], int]
Outcomes = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class PytestRunResult:
    """How a run ended: its exit code, the tests that were flaky, and the folder with their outputs."""

    code: int
    flaky: list[str]
    folder: Path

    def print_flaky_tests(self) -> None:
        """Count and name the flaky tests. Nothing should be printed after it."""
        if self.flaky:
            print(f"\nFLAKY: {len(self.flaky)} failed and passed in a fresh process; both outputs are in {self.folder}")
            print("\n".join(f"  {test}" for test in self.flaky), flush=True)


def run_with_reruns(args: Sequence[str], pytest: Pytest, *, folder: Path) -> PytestRunResult:
    """Run tests, then those that failed and have a second try.

    `pytest` runs tests with the arguments it is given, in a process of its own, and returns its exit code. The outputs
    of flaky tests are kept in the folder, as `<test>.1.log` and `<test>.2.log`.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    first_code, outcomes = _run_pytest(pytest, args, folder / "first.jsonl")
    failed = _select_failed_tests(outcomes)
    flaky, second_code = _rerun_failed(failed, pytest, folder)
    code = _compute_exit_code(first_code, failed) or second_code or int(len(flaky) < len(failed))
    return PytestRunResult(code, flaky, folder)


def _rerun_failed(failed: Outcomes, pytest: Pytest, folder: Path) -> tuple[list[str], int]:
    """Run those that have a second try again; return the ones that passed, and pytest's code beyond their failures."""
    tests = [test for test, outcome in failed.items() if RERUN_MARKS.intersection(outcome["marks"])]
    if not tests:
        return [], 0
    print(f"\nOnce more in a fresh process: {len(tests)} of {len(failed)} that failed", flush=True)
    code, outcomes = _run_pytest(pytest, tests, folder / "second.jsonl")
    flaky = [test for test in tests if outcomes.get(test, {}).get("outcome") == "passed"]
    for test in flaky:
        name = re.sub(r"[^\w.-]+", "-", test)[:200]
        (folder / f"{name}.1.log").write_text(failed[test]["output"])
        (folder / f"{name}.2.log").write_text(outcomes[test]["output"])
    return flaky, _compute_exit_code(code, _select_failed_tests(outcomes))


def _run_pytest(pytest: Pytest, args: Sequence[str], file: Path) -> tuple[int, Outcomes]:
    code = pytest([*args, "-p", "tests.pytest_outcomes", f"--outcomes={file}"])
    lines = file.read_text().splitlines() if file.exists() else []
    return code, {outcome["test"]: outcome for outcome in map(json.loads, lines)}


def _select_failed_tests(outcomes: Outcomes) -> Outcomes:
    return {test: outcome for test, outcome in outcomes.items() if outcome["outcome"] == "failed"}


def _compute_exit_code(code: int, failed: Outcomes) -> int:
    """Return the exit code of pytest, 0 where tests that failed are all that it says."""
    return 0 if code == 1 and failed else code
