"""Which codes did people get, and how often?"""

import re
from collections import defaultdict

CODE = re.compile(r"(?<!\d)\d{6}(?:\d{2})?(?!\d)")


class Mailbox:
    """What a fake SendGrid took, by the address it was meant for."""

    def __init__(self, server) -> None:
        self._server = server

    def codes(self) -> dict[str, list[str]]:
        """Return every code by address, in the order they came."""
        found = defaultdict(list)
        for mail in list(self._server.mails):
            found[_to(mail)].append(_code(mail))
        return found

    def codes_of(self, address: str) -> list[str]:
        """Return the codes one address got."""
        return self.codes().get(address, [])

    def has(self, address: str) -> bool:
        """Say whether an address got any code."""
        return bool(self.codes_of(address))


def _to(mail: dict) -> str:
    return mail["personalizations"][0]["to"][0]["email"]


def _code(mail: dict) -> str:
    found = CODE.search(mail["content"][0]["value"])
    return found.group() if found else ""
