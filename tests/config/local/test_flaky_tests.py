"""Tests that flaky tests are found, named and their outputs kept, and that no failing test counts as flaky.

Each test here runs real suites in real processes. A test of such a suite fails as long as its file of tries is short.
"""

import os
import subprocess
import sys

import pytest

from config.local import flaky_tests
from config.local.state_dir import PROJECT_ROOT

pytestmark = pytest.mark.slow

SUITE = """
import os
import pathlib

import pytest

def fails(times):
    test = os.environ["PYTEST_CURRENT_TEST"].split("::")[1].split("[")[0].split()[0]
    tries = pathlib.Path(os.environ["TRIES"]) / test
    made = int(tries.read_text()) if tries.exists() else 0
    tries.write_text(str(made + 1))
    print("try", made + 1)
    assert made >= times, f"failed in process {os.getpid()}"

@pytest.fixture
def fragile():
    fails(times=1)
"""
FLAKY = """
@pytest.mark.browser
@pytest.mark.parametrize("page", ["home, empty::1"])
def test_flaky(page): fails(times=1)

@pytest.mark.faults
def test_set_up(fragile): pass
"""
FLAKY_ONES = ["test_suite.py::test_flaky[home, empty::1]", "test_suite.py::test_set_up"]
BROKEN = "@pytest.mark.browser\ndef test_broken(): fails(times=9)"
PLAIN = """
@pytest.mark.rabbitmq
@pytest.mark.parametrize("folder", ["browser", "faults"])
def test_plain(folder): fails(times=9)
"""
SOUND = "@pytest.mark.browser\ndef test_sound(): pass"


@pytest.fixture
def run_test_suite(tmp_path, capfd):
    """Return a function that runs a suite of these tests; it returns the exit code and what came last."""
    (tmp_path / "tries").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    browser\n    faults\n    rabbitmq\n")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))}
    env |= {"TRIES": str(tmp_path / "tries"), "PYTHONPATH": str(PROJECT_ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def run_pytest(words):
        command = [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "no:cacheprovider", *words]
        return subprocess.run(command, cwd=tmp_path, env=env).returncode

    def run_test_suite(*tests, words=(), **others):
        for name, text in {"suite": "\n\n".join([SUITE, *tests]), **others}.items():
            (tmp_path / f"test_{name}.py").write_text(text)
        result = flaky_tests.run_with_reruns(words, run_pytest, folder=tmp_path / "kept")
        result.print_flaky_tests()
        return result.code, capfd.readouterr().out.partition("\nFLAKY")[2].splitlines()

    return run_test_suite


def count_test_runs(tmp_path) -> dict[str, int]:
    return {file.name: int(file.read_text()) for file in (tmp_path / "tries").iterdir()}


def read_kept_logs(tmp_path) -> list[str]:
    return [file.read_text() for file in sorted((tmp_path / "kept").glob("*.log"))]


def test_flaky_tests_are_named_last_and_both_outputs_are_kept(run_test_suite, tmp_path):
    code, last = run_test_suite(FLAKY, SOUND)

    assert code == 0
    assert last[0].startswith(": 2 failed and passed in a fresh process")
    assert sorted(last[1:]) == [f"  {test}" for test in FLAKY_ONES]
    outputs = read_kept_logs(tmp_path)
    assert ["failed in process" in output for output in outputs] == [True, False, True, False]
    assert ["try 2" in output for output in outputs] == [False, True, False, True]


def test_a_second_failure_and_a_test_without_rerun_fail_the_run(run_test_suite, tmp_path):
    code, last = run_test_suite(FLAKY, BROKEN)
    assert (code, len(last)) == (1, 3)
    assert count_test_runs(tmp_path) == {"test_flaky": 2, "test_set_up": 2, "test_broken": 2}

    code, last = run_test_suite(FLAKY.replace("_flaky", "_other"), PLAIN)
    assert (code, len(last)) == (1, 2)
    assert count_test_runs(tmp_path)["test_plain"] == 2  # one for each folder
    assert len(read_kept_logs(tmp_path)) == 2  # and nothing of the run before


@pytest.mark.parametrize("others", [{"other": "this is no Python"}, {"crash": "import os\ndef test_it(): os._exit(3)"}])
@pytest.mark.parametrize("words", [["-n", "1"], []])
def test_an_error_of_pytest_itself_fails_a_run_with_flaky_tests(run_test_suite, words, others):
    assert run_test_suite(FLAKY, words=words, **others)[0] != 0


def test_a_run_without_tests_fails(run_test_suite):
    assert run_test_suite(SOUND, words=["-m", "faults"])[0] == 5
