"""Error reports to Sentry are complete and hold no personal data."""

import os
import subprocess
import sys

import pytest

from config import sentry
from tests.config import secret_probe

pytestmark = pytest.mark.slow


@pytest.fixture
def reports_by_transaction(probe_output) -> dict[str | None, list[dict]]:
    """Return the error reports by transaction."""
    found: dict[str | None, list[dict]] = {}
    for event in probe_output.error_reports:
        found.setdefault(event.get("transaction"), []).append(event)
    return found


def test_no_report_holds_anything_personal(probe_output):
    everything = b"\n".join(probe_output.envelopes).decode()

    assert [secret for secret in [*secret_probe.SECRETS, secret_probe.QUERY] if secret in everything] == []


def test_a_failed_page_is_reported_once_with_its_route_request_and_business(reports_by_transaction, probe_output, acme):
    [event] = reports_by_transaction["failing-view"]
    [answer] = [
        line for line in probe_output.lines if line.get("route") == "failing-view" and line["event"] == "request"
    ]

    assert event["tags"] == {"business": str(acme.pk), "request_id": answer["request_id"]}
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"]) == ("KeyError", "RuntimeError")
    assert error["value"].startswith("no code [number]) for [address], [number]")
    assert error["stacktrace"]["frames"][-1]["function"] == "fail_with_secrets"
    assert all("vars" not in frame for frame in error["stacktrace"]["frames"])


def test_a_failed_job_is_reported_once_with_its_actor_queue_and_business(reports_by_transaction):
    [event] = reports_by_transaction["failing_job"]

    assert event["tags"] == {"business": secret_probe.BUSINESS, "queue": "codes"}


def test_the_report_of_a_declared_job_has_its_name():
    error = RuntimeError()
    error.job_name = "tidy-up"

    assert sentry.sanitise_error_report({}, {"exc_info": (RuntimeError, error, None)})["tags"] == {"job": "tidy-up"}


def test_errors_in_logs_threads_and_commands_are_reported(reports_by_transaction):
    reports = reports_by_transaction[None]

    assert {report["exception"]["values"][-1]["mechanism"]["type"] for report in reports if "exception" in report} == {
        "logging",
        "threading",
        "excepthook",
    }
    assert "asked for https://x.example/[query]" in [
        report["logentry"]["message"] for report in reports if "logentry" in report
    ]


def test_expected_exceptions_are_not_reported(reports_by_transaction):
    assert reports_by_transaction.keys() == {"failing-view", "failing_job", None}


def test_without_a_dsn_the_sdk_is_not_loaded():
    look = "import django, sys; django.setup(); sys.exit('sentry_sdk' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", look], env=os.environ | {"SENTRY_DSN": ""}).returncode == 0
