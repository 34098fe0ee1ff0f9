"""Who takes the mails, at once or after a while, and hands each code to the person it is for?

A server on loopback that speaks as SendGrid does. Both sides send to it, and both sides'
people learn their code from the mail that arrived here, as they do in life.
"""

import json
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field

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
