"""Runs one real web server with production settings, for tests that look at it from outside."""

import base64
import http.client
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config.local.ports import find_free_port

PLATFORM = "app.portico.io"
PORTAL = "acme.portico.io"
STYLE = "a { color: red }\n"


@dataclass(frozen=True)
class ProductionResponse:
    """One response as it came over the wire."""

    status: int
    headers: http.client.HTTPMessage
    body: str


class ProductionServer:
    """A web server in production, seen from outside, as if through one proxy that speaks TLS."""

    def __init__(self, port: int, env: dict[str, str]):
        self.port = port
        self.env = env

    def request(
        self, path: str, *, host: str = PORTAL, method: str = "GET", body: bytes = b"", **headers: str
    ) -> ProductionResponse:
        """Send one request and return its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent_headers = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
        try:
            # Who is refused before all was sent may be hung up on while sending; the answer is there all the same.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body=body or None, headers=sent_headers | headers)
            answer = connection.getresponse()
            return ProductionResponse(answer.status, answer.headers, answer.read().decode(errors="replace"))
        finally:
            connection.close()


@contextmanager
def run_production_server(folder: Path, **env: str) -> Iterator[ProductionServer]:
    """Run a web server in production on a free port, until the block ends; `env` are more of its settings."""
    (folder / "static").mkdir(exist_ok=True)
    (folder / "static" / "portal.css").write_text(STYLE)
    port = find_free_port()
    options = ["--port", str(port), "--processes", "1", "--threads", "4"]
    command = [sys.executable, "-m", "config.web_server", *options, "tests.attacks.failing_app:application"]
    production = ProductionServer(port, _build_environment(folder) | env)
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, env=production.env, stdout=log, stderr=log) as server,
    ):
        try:
            _wait_for(server, production, folder / "log")
            yield production
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()


def _build_environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DEMO": "false",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "LOGIN_CODE_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "DIGEST_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "PLATFORM_HOST": PLATFORM,
        "PORTAL_DOMAIN": "portico.io",
        "PUBLIC_URL": f"https://{PLATFORM}",
        "TRUSTED_PROXY_COUNT": "1",
        "EMAIL_PROVIDERS": "smtp",
        "SMTP_URL": "smtp://127.0.0.1:9",
        "SMS_PROVIDERS": "twilio",
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_FROM": "+15005550006",
        "TWILIO_FROM_CODES": "+15005550009",
        "STATIC_ROOT": str(folder / "static"),
        "LOG_FORMAT": "json",
    }


def _wait_for(server: subprocess.Popen, production: ProductionServer, log: Path) -> None:
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if production.request("/readyz").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"Production didn't start:\n{log.read_text()}")
