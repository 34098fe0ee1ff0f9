"""Runs the secret probe once and collects what it sent to Sentry and its log."""

import gzip
import json
import os
import subprocess
import sys
from dataclasses import dataclass

import brotli
import pytest
from pytest_httpserver import HTTPServer


@dataclass
class ProbeOutput:
    """The unpacked envelopes that a fake Sentry received, and the lines logged."""

    envelopes: list[bytes]
    lines: list[dict]

    @property
    def error_reports(self) -> list[dict]:
        """The error reports among the envelopes."""
        return [event for event in map(_parse_sentry_event, self.envelopes) if event]


@pytest.fixture(scope="session")
def probe_output(django_db_setup) -> ProbeOutput:
    """Run the secret probe with a fake Sentry on loopback and return its output."""
    with HTTPServer() as sentry:
        sentry.expect_request("/api/7/envelope/").respond_with_json({})
        dsn = f"http://public@{sentry.host}:{sentry.port}/7"
        env = os.environ | {"SENTRY_DSN": dsn, "LOG_FORMAT": "json", "LOG_LEVEL": "debug"}
        done = subprocess.run(
            [sys.executable, "-m", "tests.config.secret_probe"], env=env, capture_output=True, text=True, timeout=100
        )
        envelopes = [_decompress_envelope(request) for request, _ in sentry.log]
    return ProbeOutput(envelopes, [json.loads(line) for line in done.stderr.splitlines()])


def _decompress_envelope(request) -> bytes:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
    return unpack[request.headers.get("Content-Encoding")](request.data)


def _parse_sentry_event(envelope: bytes) -> dict | None:
    _, header, payload, *_ = envelope.split(b"\n")
    return json.loads(payload) if json.loads(header)["type"] == "event" else None
