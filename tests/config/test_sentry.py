"""Does Sentry learn what went wrong, and nothing about whom it went wrong for?"""

import os
import subprocess
import sys

import pytest

from tests.config import secret_probe

pytestmark = pytest.mark.slow


@pytest.fixture
def by_transaction(told) -> dict[str | None, list[dict]]:
    """The error reports, by what the process was doing."""
    found: dict[str | None, list[dict]] = {}
    for event in told.events:
        found.setdefault(event.get("transaction"), []).append(event)
    return found


def test_no_report_holds_anything_personal(told):
    everything = b"\n".join(told.envelopes).decode()

    assert [secret for secret in [*secret_probe.SECRETS, secret_probe.QUERY] if secret in everything] == []


def test_a_failed_page_is_reported_once_with_its_route_request_and_business(by_transaction, told, acme):
    [event] = by_transaction["boom"]
    [answer] = [line for line in told.lines if line.get("route") == "boom" and line["event"] == "request"]

    assert event["tags"] == {"business": str(acme.pk), "request_id": answer["request_id"]}
    cause, error = event["exception"]["values"]
    assert (cause["type"], error["type"]) == ("KeyError", "RuntimeError")
    assert error["value"].startswith("no code [number]) for [address], [number]")
    assert error["stacktrace"]["frames"][-1]["function"] == "fail"
    assert all("vars" not in frame for frame in error["stacktrace"]["frames"])


def test_a_failed_job_is_reported_once_with_its_actor_lane_and_business(by_transaction):
    [event] = by_transaction["tell"]

    assert event["tags"] == {"business": secret_probe.BUSINESS, "queue": "codes"}


def test_errors_in_logs_threads_and_commands_are_reported(by_transaction):
    reports = by_transaction[None]

    assert {report["exception"]["values"][-1]["mechanism"]["type"] for report in reports if "exception" in report} == {
        "logging",
        "threading",
        "excepthook",
    }
    assert "asked for https://x.example/[query]" in [
        report["logentry"]["message"] for report in reports if "logentry" in report
    ]


def test_refusals_are_not_reported(by_transaction):
    assert by_transaction.keys() == {"boom", "tell", None}


def test_without_an_address_to_report_to_nothing_is_loaded():
    look = "import django, sys; django.setup(); sys.exit('sentry_sdk' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", look], env=os.environ | {"SENTRY_DSN": ""}).returncode == 0
