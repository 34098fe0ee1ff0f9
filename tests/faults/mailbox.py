"""The codes that fake providers sent, by recipient."""

import re
from collections import defaultdict
from email.message import EmailMessage

CODE = re.compile(r"(?<!\d)\d{6}(?:\d{2})?(?!\d)")


class Mailbox:
    """The mails that fake email providers accepted, by recipient."""

    def __init__(self, *servers) -> None:
        self._servers = servers

    def codes(self) -> dict[str, list[str]]:
        """Return the codes by address, in the order of acceptance; empty for a mail without a code."""
        found = defaultdict(list)
        for server in self._servers:
            for mail in list(server.mails):
                to, text = _by_smtp(mail) if isinstance(mail, EmailMessage) else _by_sendgrid(mail)
                code = CODE.search(text)
                found[to].append(code.group() if code else "")
        return found

    def codes_of(self, address: str) -> list[str]:
        """Return the codes sent to an address."""
        return self.codes().get(address, [])

    def has(self, address: str) -> bool:
        """Return whether an address got a mail."""
        return bool(self.codes_of(address))


def _by_sendgrid(mail: dict) -> tuple[str, str]:
    return mail["personalizations"][0]["to"][0]["email"], mail["content"][0]["value"]


def _by_smtp(mail: EmailMessage) -> tuple[str, str]:
    return mail["To"], mail.get_body(("plain",)).get_content()
