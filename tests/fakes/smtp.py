"""How does a mail server speak?"""

import email.policy
import socket
from email.message import EmailMessage
from email.parser import BytesParser
from typing import BinaryIO

from tests.fakes.faults import Fault
from tests.fakes.server import FakeServer


class FakeSmtp(FakeServer):
    """Takes mail as SMTP servers do; `mails` has what it took. Faults strike after DATA; `answer` at RCPT TO."""

    scheme = "smtp"

    @property
    def mails(self) -> list[EmailMessage]:
        """Return the mails taken, parsed."""
        parser = BytesParser(policy=email.policy.default)
        return [parser.parsebytes(taken["body"]) for taken in self.taken]

    def converse(self, connection: socket.socket) -> None:
        """Greet, then obey one command after the other."""
        fault = self.script.next()
        with connection, connection.makefile("rb") as reader:
            self._say(connection, "220 fake ESMTP")
            while command := reader.readline().decode().strip():
                if not self._obey(connection, reader, command, fault):
                    return

    def _obey(self, connection: socket.socket, reader: BinaryIO, command: str, fault: Fault) -> bool:
        verb = command.partition(" ")[0].upper()
        if verb == "QUIT":
            self._say(connection, "221 bye")
            return False
        if verb == "RCPT" and fault.kind == "answer":
            self._say(connection, f"{fault.status} {fault.body or 'no'}")
        elif verb == "DATA":
            return self._take(connection, reader, fault)
        else:
            self._say(connection, "250 fake")
        return True

    def _take(self, connection: socket.socket, reader: BinaryIO, fault: Fault) -> bool:
        self._say(connection, "354 go on")
        lines = []
        while (line := reader.readline()) not in (b".\r\n", b""):
            if not line.endswith(b"\r\n"):
                self._say(connection, "550 5.6.11 bare line feeds are illegal")
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.taken.append({"body": b"".join(lines)})
        self.wait(fault.seconds)
        if fault.kind != "work":
            return False
        self._say(connection, "250 taken")
        return True

    def _say(self, connection: socket.socket, line: str) -> None:
        connection.sendall(f"{line}\r\n".encode())
