"""A SendGrid on loopback that hands the code of each received email to whoever waits for it.

Both sides send to it, and people of both sides learn their code from the email that arrived here.
"""

import json
import re
import signal
import ssl
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import certifi
import trustme

from bench import measured_programs
from config.local.ports import find_free_port
from tests.fakes.fake_providers import FakeSendGrid

KEY = "SG.bench"
CODE = re.compile(r"\b\d{6}\b")


@dataclass
class ExpectedEmail:
    """One email: when it was received, on time.monotonic(), and the code in it."""

    received_at: float = 0
    code: str = ""
    received: threading.Event = field(default_factory=threading.Event)


class ReceivedRequests(list):
    """Counts the calls and keeps only the emails that somebody waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.expected: dict[str, ExpectedEmail] = {}
        self.count = 0

    def append(self, request: dict) -> None:
        """Count one call and hand on its code if it is expected."""
        self.count += 1
        if not self.expected:
            return
        now = time.monotonic()
        email = json.loads(request["body"])
        expected = self.expected.pop(email["personalizations"][0]["to"][0]["email"], None)
        if expected:
            expected.received_at = now
            expected.code = (CODE.findall(email["content"][0]["value"]) or [""])[0]
            expected.received.set()


class FakeProvider(FakeSendGrid):
    """SendGrid on loopback, for as long as the `with` block lasts."""

    def __init__(self, **options):
        super().__init__(key=KEY, **options)
        self.requests = ReceivedRequests()
        self.accepted = deque(maxlen=1)

    def expect_email(self, address: str) -> ExpectedEmail:
        """Return the email that is to come for an address; its event `received` is set when it has come."""
        mail = self.requests.expected[address] = ExpectedEmail()
        return mail

    @property
    def sendgrid_settings(self) -> dict[str, str]:
        """Return the environment variables that make a worker send here."""
        return {"EMAIL_PROVIDERS": "sendgrid", "SENDGRID_BASE_URL": self.url, "SENDGRID_API_KEY": KEY}


@contextmanager
def run_provider_process() -> Iterator[dict[str, str]]:
    """Run a provider over TLS in its own process; yield the variables that make programs send to it and trust it."""
    port, authorities = find_free_port(), measured_programs.home.subdirectory("tls") / "authorities.pem"
    authorities.unlink(missing_ok=True)
    with measured_programs.run_process(
        [sys.executable, "-m", "bench.fake_provider", str(port), str(authorities)],
        measured_programs.build_environment_variables(),
    ):
        while not authorities.exists():
            time.sleep(0.05)
        own = {"SENDGRID_BASE_URL": f"https://localhost:{port}", "SSL_CERT_FILE": str(authorities)}
        yield {"EMAIL_PROVIDERS": "sendgrid", "SENDGRID_API_KEY": KEY} | own


def main(port: int, authorities: Path) -> None:
    """Listen until stopped. The file of certificate authorities, the machine's and our own, is written last."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with _build_provider(port, context):
        draft = authorities.with_suffix(".draft")
        draft.write_bytes(Path(certifi.where()).read_bytes() + authority.cert_pem.bytes())
        draft.rename(authorities)
        signal.pause()


def _build_provider(port: int, context: ssl.SSLContext) -> FakeProvider:
    provider = FakeProvider(tls=context)
    provider.port = port
    return provider


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
