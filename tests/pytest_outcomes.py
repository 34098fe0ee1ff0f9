"""A pytest plugin that writes each test's outcome to the file that --outcomes names, for another process to read.

Each line of the file is one JSON object: the test's node id, its outcome (`passed`, `failed` or `skipped`), its
marks, and its output: the traceback, and what it printed and logged.
"""

import json
from pathlib import Path

import pytest


def pytest_addoption(parser):
    """Add the option that names the file."""
    parser.addoption("--outcomes", type=Path, metavar="FILE", help="append each test's outcome to this file")


def pytest_configure(config):
    """Register the writer in the process that gets every report; pytest-xdist workers send theirs there."""
    file = config.getoption("--outcomes")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(PytestOutcomeWriter(file))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Add the test's marks to its report: a report's own keywords hold names of folders, too."""
    report = yield
    report.marks = sorted({mark.name for mark in item.iter_markers()})
    return report


class PytestOutcomeWriter:
    """Appends one line for each test when its last phase is over. A test failed if any of its phases did."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._reports: dict[str, list[pytest.TestReport | pytest.CollectReport]] = {}

    def pytest_runtest_logreport(self, report):
        """Keep the report of one phase."""
        self._reports.setdefault(report.nodeid, []).append(report)

    def pytest_collectreport(self, report):
        """Keep the report of a file whose tests can't be collected: it fails as a test does, and has no marks."""
        if report.failed:
            self._reports.setdefault(report.nodeid, []).append(report)

    def pytest_runtest_logfinish(self, nodeid):
        """Write the outcome of a test that ended."""
        self._write_outcome(nodeid)

    def pytest_sessionfinish(self):
        """Write the rest: a test whose worker crashed reports nothing but its failure."""
        for nodeid in list(self._reports):
            self._write_outcome(nodeid)

    def _write_outcome(self, nodeid: str) -> None:
        if not (reports := self._reports.pop(nodeid, [])):
            return
        outcomes = {report.outcome for report in reports}
        line = {
            "test": nodeid,
            "outcome": next(outcome for outcome in ("failed", "skipped", "passed") if outcome in outcomes),
            "marks": getattr(reports[0], "marks", []),
            "output": "\n".join(filter(None, map(_collect_output, reports))),
        }
        with self.file.open("a") as lines:
            lines.write(json.dumps(line) + "\n")


def _collect_output(report: pytest.TestReport | pytest.CollectReport) -> str:
    # Captured output is passed on from phase to phase, so the last report has all of it.
    captured = report.sections if getattr(report, "when", "teardown") == "teardown" else []
    return "\n".join(filter(None, [report.longreprtext, *(f"--- {title}\n{text}" for title, text in captured)]))
