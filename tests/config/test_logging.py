"""Log lines name request and business and hold no personal data."""

import json
import logging
from datetime import UTC, datetime

import pytest

from config.logging import build_logging_config
from config.scrubbing import scrub_message, scrub_text, scrub_value
from tenants.context import use_business
from tests.config import secret_probe
from tests.factories import ClientFactory

pytestmark = pytest.mark.slow


def test_no_line_holds_anything_personal(probe_output):
    text = json.dumps(probe_output.lines, ensure_ascii=False)

    assert [line["event"] for line in probe_output.lines if line["level"] == "critical"] == ["crashed", "crashed"]
    assert [secret for secret in [*secret_probe.SECRETS, secret_probe.QUERY] if secret in text] == []


def test_the_console_format_is_scrubbed_as_well():
    line = build_logging_config(level="info", style="console")["formatters"]["line"]
    formatter = line.pop("()")(**line)
    record = logging.LogRecord(
        "lib", logging.INFO, "x.py", 1, "to %s for %s", (secret_probe.EMAIL, secret_probe.CODE), None
    )

    assert "to [address] for [number]" in formatter.format(record)


def test_a_request_is_one_line_and_its_failure_shares_request_route_and_business(probe_output, acme):
    [answer] = [line for line in probe_output.lines if line["event"] == "request" and line["route"] == "failing-view"]
    [failure] = [line for line in probe_output.lines if line.get("logger") == "django.request"]

    wanted = {"method": "POST", "status": 500, "level": "error", "business": str(acme.pk)}
    assert wanted.items() <= answer.items()
    assert {"request_id", "timestamp", "ms"} <= answer.keys()
    for shared in ("request_id", "route", "business"):
        assert failure[shared] == answer[shared]
    assert "RuntimeError: no code [number]" in failure["exception"]
    assert "in failing_view" in failure["exception"], "The frames are there."


def test_client_errors_are_not_logged_as_errors(probe_output):
    answers = [line for line in probe_output.lines if line["event"] == "request" and line["status"] < 500]

    assert [(line["status"], line["level"]) for line in answers] == [
        (status, "info") for status in (403, 400, 404, 403)
    ]


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("to ana@example.com now", "to [address] now"),
        ("<ana+tag@mail.example.co.uk>", "<[address]>"),
        ("émile@exämple.com", "[address]"),
        ("at +447700900101.", "at [number]."),
        ("at (0044) 7700-900 101", "at [number]"),
        ("code=482913", "code=[number]"),
        ("code 4829 1377,", "code [number],"),
        ("x482913y", "x[digits]y"),
        ("from 203.0.113.77:4711", "from [network]:4711"),
        ("from 2001:db8::1 and ::1", "from [network] and [network]"),
        ("GET /sign-in/?next=/&who=ana", "GET /sign-in/[query]"),
        ("/hooks/twilio/Zq7RfT0xkL9sVb2NwYpE4mHcUaJdG8oI6vXtQ1eS3rA/", "/hooks/twilio/[token]/"),
        ("cannot archive <Client: Ana Pereira>", "cannot archive <[row]>"),
        ("key 9f86d081884c7d659a2feaa0c55ad015", "key [token]"),
    ],
)
def test_personal_data_is_scrubbed(text, scrubbed):
    assert scrub_text(text) == scrubbed


@pytest.mark.parametrize(
    "text",
    [
        "delivery 01890000-0000-7000-8000-000000000001 completed",
        "42 of 99999 rows in 12.5 ms, attempt 3",
        "at 2026-11-22T15:12:49.899663Z, 2026-11-22 and 15:12:49",
        "schema t_0123456789abcdef01234567",
        "a_session_at_one_business_is_a_stranger_at_another",
        "tests/x.py::test_name",
        "what? a=b",
    ],
)
def test_harmless_text_is_unchanged(text):
    assert scrub_text(text) == text


def test_messages_of_exceptions_lose_quoted_values_and_rows():
    assert (
        scrub_message("relation 'clients_client' of \"Ana Pereira\"") == "relation 'clients_client' of \"[scrubbed]\""
    )
    message = (
        'duplicate key value violates unique constraint "person_email_once"\nDETAIL:  Key (name)=(Ana) already exists.'
    )
    assert scrub_message(message) == 'duplicate key value violates unique constraint "person_email_once" [scrubbed]'


def test_a_path_quoted_in_a_message_is_removed():
    assert scrub_message("{'tried': [], 'path': 'hooks/twilio/abc/'}") == "{'tried': [], 'path': '[scrubbed]'}"


def test_values_under_sensitive_keys_are_scrubbed_at_any_depth():
    when = datetime(2026, 11, 22, tzinfo=UTC)
    given = {"job": {"kwargs": {"n": 1}, "tries": [1, True, None, 0.5, 482913]}, "Email": "x", "code": "", "at": when}

    kept = {"kwargs": "[scrubbed]", "tries": [1, True, None, 0.5, "[scrubbed]"]}
    assert scrub_value(given) == {"job": kept, "Email": "[scrubbed]", "code": "", "at": "2026-11-22T00:00:00+00:00"}


def test_statements_are_never_logged_whatever_the_level():
    loggers = build_logging_config(level="debug", style="json")["loggers"]

    assert all(loggers[name]["level"] in ("INFO", "WARNING") for name in ("django.db.backends", "urllib3", "twilio"))


def test_a_whole_sign_in_logs_nothing_personal(acme, outbox, sign_in_client, caplog):
    with use_business(acme):
        ClientFactory(name=secret_probe.NAME, email=secret_probe.EMAIL, mobile=secret_probe.PHONE)
    caplog.set_level(logging.DEBUG)

    browser = sign_in_client(acme, secret_probe.EMAIL)
    browser.post("/sign-in/", {"identifier": secret_probe.PHONE, "channel": "sms"})
    outbox.deliver_due()

    text = "\n".join(record.getMessage() for record in caplog.records)
    codes = [outbox.code(secret_probe.EMAIL), outbox.code(secret_probe.PHONE)]
    cookies = [cookie.value for cookie in browser.cookies.values() if len(cookie.value) > 8]
    assert len(cookies) > 1
    assert [probe_output for probe_output in [*secret_probe.SECRETS, *codes, *cookies] if probe_output in text] == []
