"""The mails that fake email providers accepted, by recipient."""

import re
from collections import defaultdict
from email.message import EmailMessage

CODE = re.compile(r"(?<!\d)\d{6}(?:\d{2})?(?!\d)")


class AcceptedMails:
    """The mails that fake email providers accepted, by recipient."""

    def __init__(self, *servers) -> None:
        self._servers = servers

    def codes(self) -> dict[str, list[str]]:
        """Return the codes by address, in the order of acceptance; empty for a mail without a code."""
        found = defaultdict(list)
        for server in self._servers:
            for mail in list(server.mails):
                to, text = _parse_smtp_mail(mail) if isinstance(mail, EmailMessage) else _parse_sendgrid_mail(mail)
                code = CODE.search(text)
                found[to].append(code.group() if code else "")
        return found

    def codes_of(self, address: str) -> list[str]:
        """Return the codes sent to an address."""
        return self.codes().get(address, [])

    def has_recipient(self, address: str) -> bool:
        """Return whether an address got a mail."""
        return bool(self.codes_of(address))


def _parse_sendgrid_mail(mail: dict) -> tuple[str, str]:
    return mail["personalizations"][0]["to"][0]["email"], mail["content"][0]["value"]


def _parse_smtp_mail(mail: EmailMessage) -> tuple[str, str]:
    return mail["To"], mail.get_body(("plain",)).get_content()
