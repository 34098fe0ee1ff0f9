"""Who takes the mails, at once or after a while, and hands each code to the person it is for?

A server on loopback that speaks as SendGrid does. Both sides send to it, and both sides'
people learn their code from the mail that arrived here, as they do in life.
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

from bench import ground
from config.local.ports import free_port
from tests.fakes.http import FakeSendGrid

KEY = "SG.bench"
CODE = re.compile(r"\b\d{6}\b")


@dataclass
class Mail:
    """One mail: when its call began, on time.monotonic(), and the code it brings."""

    at: float = 0
    code: str = ""
    here: threading.Event = field(default_factory=threading.Event)


class Arrivals(list):
    """Notes each call when it arrives and keeps only what somebody waits for."""

    def __init__(self) -> None:
        super().__init__()
        self.expected: dict[str, Mail] = {}
        self.count = 0

    def append(self, request: dict) -> None:
        """Take one call."""
        self.count += 1
        if not self.expected:
            return
        now = time.monotonic()
        mail = json.loads(request["body"])
        expected = self.expected.pop(mail["personalizations"][0]["to"][0]["email"], None)
        if expected:
            expected.at = now
            expected.code = (CODE.findall(mail["content"][0]["value"]) or [""])[0]
            expected.here.set()


class Provider(FakeSendGrid):
    """SendGrid, on loopback, for as long as the `with` block lasts."""

    def __init__(self, **options):
        super().__init__(key=KEY, **options)
        self.arrived = Arrivals()
        self.taken = deque(maxlen=1)

    def expect(self, address: str) -> Mail:
        """Return the mail that is to come for an address; `here` is set when it has come."""
        mail = self.arrived.expected[address] = Mail()
        return mail

    @property
    def settings(self) -> dict[str, str]:
        """Return what a worker must be told to send here."""
        return {"EMAIL_PROVIDERS": "sendgrid", "SENDGRID_BASE_URL": self.url, "SENDGRID_API_KEY": KEY}


@contextmanager
def apart() -> Iterator[dict[str, str]]:
    """Run a provider over TLS in a process of its own; yield the settings that make programs send to it and trust it."""
    port, authorities = free_port(), ground.home.room("tls") / "authorities.pem"
    authorities.unlink(missing_ok=True)
    with ground.running([sys.executable, "-m", "bench.provider", str(port), str(authorities)], ground.environment()):
        while not authorities.exists():
            time.sleep(0.05)
        own = {"SENDGRID_BASE_URL": f"https://localhost:{port}", "SSL_CERT_FILE": str(authorities)}
        yield {"EMAIL_PROVIDERS": "sendgrid", "SENDGRID_API_KEY": KEY} | own


def main(port: int, authorities: Path) -> None:
    """Listen until stopped. The file of authorities appears last, the machine's beside our own."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with _at(port, context):
        draft = authorities.with_suffix(".draft")
        draft.write_bytes(Path(certifi.where()).read_bytes() + authority.cert_pem.bytes())
        draft.rename(authorities)
        signal.pause()


def _at(port: int, context: ssl.SSLContext) -> Provider:
    provider = Provider(tls=context)
    provider.port = port
    return provider


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
