"""A fake SMTP server."""

import email.policy
import socket
from email.message import EmailMessage
from email.parser import BytesParser
from typing import BinaryIO

from tests.fakes.fake_server import FakeSocketServer
from tests.fakes.provider_faults import Fault


class FakeSmtp(FakeSocketServer):
    """Accepts mail; `mails` has the accepted ones. Faults show after DATA, `respond_with` at RCPT TO."""

    scheme = "smtp"

    @property
    def mails(self) -> list[EmailMessage]:
        """Return the accepted mails, parsed."""
        parser = BytesParser(policy=email.policy.default)
        return [parser.parsebytes(mail["body"]) for mail in self.accepted]

    def serve_connection(self, connection: socket.socket) -> None:
        """Greet, then handle one command after the other."""
        fault = self.script.next_fault()
        with connection, connection.makefile("rb") as reader:
            self._send_reply(connection, "220 fake ESMTP")
            while command := reader.readline().decode().strip():
                if not self._handle_smtp_command(connection, reader, command, fault):
                    return

    def _handle_smtp_command(self, connection: socket.socket, reader: BinaryIO, command: str, fault: Fault) -> bool:
        command_name = command.partition(" ")[0].upper()
        if command_name == "QUIT":
            self._send_reply(connection, "221 bye")
            return False
        if command_name == "RCPT" and fault.kind == "answer":
            self._send_reply(connection, f"{fault.status} {fault.body or 'no'}")
        elif command_name == "DATA":
            return self._receive_data(connection, reader, fault)
        else:
            self._send_reply(connection, "250 fake")
        return True

    def _receive_data(self, connection: socket.socket, reader: BinaryIO, fault: Fault) -> bool:
        self._send_reply(connection, "354 go on")
        lines = []
        while (line := reader.readline()) not in (b".\r\n", b""):
            if not line.endswith(b"\r\n"):
                self._send_reply(connection, "550 5.6.11 bare line feeds are illegal")
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.accepted.append({"body": b"".join(lines)})
        self.pause(fault.seconds)
        if fault.kind != "work":
            return False
        self._send_reply(connection, "250 taken")
        return True

    def _send_reply(self, connection: socket.socket, line: str) -> None:
        connection.sendall(f"{line}\r\n".encode())
