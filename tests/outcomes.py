"""Writes down what became of each test, for another process to read: a pytest plugin with the option --outcomes.

Each line of the file is one JSON object: the test's node id, its outcome (`passed`, `failed` or `skipped`), its
marks, and its output: the traceback, and what it printed and logged.
"""

import json
from pathlib import Path

import pytest


def pytest_addoption(parser):
    """Add the option that names the file."""
    parser.addoption("--outcomes", type=Path, metavar="FILE", help="append what became of each test to this file")


def pytest_configure(config):
    """Write in the process that hears of every test; the workers of pytest-xdist report to it."""
    file = config.getoption("--outcomes")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(OutcomeWriter(file))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Tell a report the marks of its test: a report's own keywords hold names of folders, too."""
    report = yield
    report.marks = sorted({mark.name for mark in item.iter_markers()})
    return report


class OutcomeWriter:
    """Appends one line for each test when its last phase is over. A test failed if any of its phases did."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._reports: dict[str, list[pytest.TestReport | pytest.CollectReport]] = {}

    def pytest_runtest_logreport(self, report):
        """Remember a phase."""
        self._reports.setdefault(report.nodeid, []).append(report)

    def pytest_collectreport(self, report):
        """Remember a file whose tests can't be found: it fails as a test does, and has no marks."""
        if report.failed:
            self._reports.setdefault(report.nodeid, []).append(report)

    def pytest_runtest_logfinish(self, nodeid):
        """Write down a test that is over."""
        self._write(nodeid)

    def pytest_sessionfinish(self):
        """Write down the rest: of a test whose worker crashed nothing more is heard than that it failed."""
        for nodeid in list(self._reports):
            self._write(nodeid)

    def _write(self, nodeid: str) -> None:
        if not (reports := self._reports.pop(nodeid, [])):
            return
        outcomes = {report.outcome for report in reports}
        line = {
            "test": nodeid,
            "outcome": next(outcome for outcome in ("failed", "skipped", "passed") if outcome in outcomes),
            "marks": getattr(reports[0], "marks", []),
            "output": "\n".join(filter(None, map(_output_of, reports))),
        }
        with self.file.open("a") as lines:
            lines.write(json.dumps(line) + "\n")


def _output_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    # What was captured is handed on from phase to phase: the last one's is that of all.
    captured = report.sections if getattr(report, "when", "teardown") == "teardown" else []
    return "\n".join(filter(None, [report.longreprtext, *(f"--- {title}\n{text}" for title, text in captured)]))
