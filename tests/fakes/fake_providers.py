"""Fake SendGrid and Twilio servers."""

import base64
import itertools
import json
import os
import re
import socket
import uuid
from typing import BinaryIO
from urllib.parse import parse_qsl, unquote

from tests.fakes.fake_server import FakeSocketServer
from tests.fakes.provider_faults import Fault

# SendGrid takes no parameter of an attachment's type but the method of a calendar.
ATTACHMENT_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+|text/calendar; ?method=[A-Z]+")
ATTACHMENT_TYPE_ERROR = "The attachment type cannot contain ';', or CRLF characters."


class FakeHttpProvider(FakeSocketServer):
    """A provider with an HTTP/1.1 API and persistent connections."""

    def serve_connection(self, connection: socket.socket) -> None:
        """Respond to one request after the other."""
        with connection, connection.makefile("rb") as reader:
            while request := self._read_request(reader):
                if not self._respond_as_scripted(connection, request, self.fault_for(request)):
                    return

    def fault_for(self, request: dict) -> Fault:
        """Return the fault for a request: the next one of the script."""
        return self.script.next_fault()

    def find_request_error(self, request: dict) -> tuple[int, str] | None:
        """Return status and body of the error that the provider itself would return, or None."""
        raise NotImplementedError

    def success_response(self, request: dict) -> tuple[int, str]:
        """Return status and body of an accepted message."""
        raise NotImplementedError

    def response_headers(self) -> dict[str, str]:
        """Return the provider's own headers of a response."""
        return {}

    def _read_request(self, reader: BinaryIO) -> dict | None:
        first = reader.readline().split()
        if len(first) < 2:
            return None
        headers = {}
        while line := reader.readline().strip():
            name, _colon, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = reader.read(int(headers.get("content-length", 0)))
        request = {"method": first[0].decode(), "path": first[1].decode(), "headers": headers, "body": body}
        self.requests.append(request)
        return request

    def _respond_as_scripted(self, connection: socket.socket, request: dict, fault: Fault) -> bool:
        """Respond as the fault says; False closes the connection."""
        if fault.kind == "work":
            return self._accept_request(connection, request, fault)
        if fault.kind == "answer":
            self._send_response(connection, fault.status, fault.body)
            return True
        # From here on the provider has the message, and we don't know it.
        self.accepted.append(request)
        if fault.kind == "hang":
            self.pause(fault.seconds)
        if fault.kind == "accept-then-hang":
            connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n{")
            self.pause(fault.seconds)
        if fault.kind == "garble":
            os.write(connection.fileno(), b"HTTP/1.1 202 Accepted")
        if fault.kind == "trickle":
            for byte in b"HTTP/1.1 202 Accepted\r\nX-Padding: " + b"." * int(fault.seconds):
                connection.sendall(bytes([byte]))
                self.pause(1)
        return False

    def _accept_request(self, connection: socket.socket, request: dict, fault: Fault) -> bool:
        self.pause(fault.seconds)
        if error := self.find_request_error(request):
            self._send_response(connection, *error)
        else:
            self.accepted.append(request)
            self._send_response(connection, *self.success_response(request))
        return True

    def _send_response(self, connection: socket.socket, status: int, body: str) -> None:
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\nContent-Length: {len(body.encode())}"
        more = "".join(f"\r\n{name}: {value}" for name, value in self.response_headers().items())
        connection.sendall(f"{head}{more}\r\n\r\n{body}".encode())


class FakeSendGrid(FakeHttpProvider):
    """POST /v3/mail/send, and DELETE of what `suppressed` has; `mails` has the accepted ones.

    `message_id` is the id under which it accepted the last one.
    """

    def __init__(self, *, key: str = "SG.test", **options):
        super().__init__(**options)
        self._key = key
        self.suppressed: set[tuple[str, str]] = set()
        self.message_id = ""

    @property
    def mails(self) -> list[dict]:
        """Return the accepted mails, as SendGrid's API describes them."""
        return [_parse_json_body(request) for request in list(self.accepted) if request["method"] == "POST"]

    def find_request_error(self, request: dict) -> tuple[int, str] | None:
        """Return an error for a wrong path, key, recipient or attachment type, or for an unknown suppression."""
        if request["headers"].get("authorization") != f"Bearer {self._key}":
            return 401, '{"errors": [{"message": "The provided authorization grant is invalid", "field": null}]}'
        if request["method"] == "DELETE":
            suppression = self._parse_suppression_path(request)
            return None if suppression in self.suppressed else (404, '{"errors": [{"message": "not found"}]}')
        if (request["method"], request["path"]) != ("POST", "/v3/mail/send"):
            return 404, "{}"
        mail = _parse_json_body(request)
        if "@" not in mail["personalizations"][0]["to"][0]["email"]:
            return (
                400,
                '{"errors": [{"message": "Does not contain a valid address.", "field": "personalizations.0.to"}]}',
            )
        if any(not ATTACHMENT_TYPE.fullmatch(attachment["type"]) for attachment in mail.get("attachments", ())):
            return 400, json.dumps({"errors": [{"message": ATTACHMENT_TYPE_ERROR, "field": "attachments.0.type"}]})
        return None

    def success_response(self, request: dict) -> tuple[int, str]:
        """Return 202 or 204 without a body."""
        if request["method"] == "DELETE":
            self.suppressed.discard(self._parse_suppression_path(request))
            return 204, ""
        self.message_id = f"{uuid.uuid4().hex}.{len(self.accepted)}"
        return 202, ""

    def response_headers(self) -> dict[str, str]:
        """Return the id of the accepted mail."""
        return {"X-Message-Id": self.message_id}

    def _parse_suppression_path(self, request: dict) -> tuple[str, str]:
        """Return the suppression list and the address in a path."""
        list_path, _slash, address = request["path"].rpartition("/")
        return list_path.rpartition("/")[2], unquote(address)


def _parse_json_body(request: dict) -> dict:
    """Return the parsed body of a request, cached, since tests poll all requests."""
    if "json" not in request:
        request["json"] = json.loads(request["body"])
    return request["json"]


class FakeTwilio(FakeHttpProvider):
    """POST /2010-04-01/Accounts/<sid>/Messages.json; `texts` has the accepted ones.

    `stopped` has the pairs of a sender and a number that replied STOP to it.
    """

    def __init__(self, *, sid: str = "AC" + "0" * 32, token: str = "twilio-token", **options):
        super().__init__(**options)
        self._sid, self._token = sid, token
        self._numbers = itertools.count(1)
        self.stopped: set[tuple[str | None, str]] = set()

    @property
    def texts(self) -> list[dict]:
        """Return the accepted texts: To, From, Body, StatusCallback."""
        return [dict(parse_qsl(request["body"].decode())) for request in self.accepted]

    def find_request_error(self, request: dict) -> tuple[int, str] | None:
        """Return an error for a wrong account and Twilio's test numbers: +15005550001 invalid, …6110 replied STOP."""
        credentials = base64.b64encode(f"{self._sid}:{self._token}".encode()).decode()
        if request["path"] != f"/2010-04-01/Accounts/{self._sid}/Messages.json":
            return 404, '{"code": 20404, "message": "Not found", "status": 404}'
        if request["headers"].get("authorization") != f"Basic {credentials}":
            return 401, '{"code": 20003, "message": "Authenticate", "status": 401}'
        codes = {"+15005550001": 21211, "+15005556110": 21610}
        text = dict(parse_qsl(request["body"].decode()))
        if (text.get("From") or text.get("MessagingServiceSid"), text["To"]) in self.stopped:
            return 400, '{"code": 21610, "message": "No", "status": 400}'
        if code := codes.get(text["To"]):
            return 400, json.dumps({"code": code, "message": "No", "status": 400})
        return None

    def success_response(self, request: dict) -> tuple[int, str]:
        """Return 201 and a new message id."""
        return 201, json.dumps({"sid": f"SM{next(self._numbers):032x}", "status": "queued"})
