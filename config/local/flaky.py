"""Which tests fail now and then, and which fail? Neither is hidden.

A test that drives a browser or kills processes depends on programs that are not ours and on a machine that may be busy.
One that failed is run once more, in a fresh process. If it passes there it is flaky: it is counted and named at the
very end, and the output of both runs is kept. All other tests have one try.
"""

import json
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HAVE_A_SECOND_TRY = {"browser", "faults"}

Pytest = Callable[[Sequence[str]], int]
Outcomes = dict[str, dict[str, Any]]


def run(words: Sequence[str], pytest: Pytest, *, home: Path) -> int:
    """Run tests, then those that failed and have a second try; return the exit code.

    `pytest` runs tests with the words it is given, in a process of its own, and returns its exit code. The outputs
    of flaky tests are kept in the folder `home`, as `<test>.1.log` and `<test>.2.log`.
    """
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    first_code, outcomes = _run(pytest, words, home / "first.jsonl")
    failed = _failed(outcomes)
    flaky, second_code = _try_again(failed, pytest, home)
    if flaky:
        print(f"\nFLAKY: {len(flaky)} failed and passed in a fresh process; both outputs are in {home}", flush=True)
        print("\n".join(f"  {test}" for test in flaky), flush=True)
    return _unexplained(first_code, failed) or second_code or int(len(flaky) < len(failed))


def _try_again(failed: Outcomes, pytest: Pytest, home: Path) -> tuple[list[str], int]:
    """Run those that have a second try; return the ones that passed, and pytest's code unless failed tests explain it."""
    tests = [test for test, outcome in failed.items() if HAVE_A_SECOND_TRY.intersection(outcome["marks"])]
    if not tests:
        return [], 0
    print(f"\nOnce more in a fresh process: {len(tests)} of {len(failed)} that failed", flush=True)
    code, outcomes = _run(pytest, tests, home / "second.jsonl")
    flaky = [test for test in tests if outcomes.get(test, {}).get("outcome") == "passed"]
    for test in flaky:
        name = re.sub(r"[^\w.-]+", "-", test)[:200]
        (home / f"{name}.1.log").write_text(failed[test]["output"])
        (home / f"{name}.2.log").write_text(outcomes[test]["output"])
    return flaky, _unexplained(code, _failed(outcomes))


def _run(pytest: Pytest, words: Sequence[str], file: Path) -> tuple[int, Outcomes]:
    code = pytest([*words, "-p", "tests.outcomes", f"--outcomes={file}"])
    lines = file.read_text().splitlines() if file.exists() else []
    return code, {outcome["test"]: outcome for outcome in map(json.loads, lines)}


def _failed(outcomes: Outcomes) -> Outcomes:
    return {test: outcome for test, outcome in outcomes.items() if outcome["outcome"] == "failed"}


def _unexplained(code: int, failed: Outcomes) -> int:
    """Return the exit code of pytest, 0 where tests that failed are all that it says."""
    return 0 if code == 1 and failed else code
