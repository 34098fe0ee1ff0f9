"""Posts one webhook: to the address that was judged, within a time in all, reading no more than a part of the answer.

Redirects of webhooks are not followed and proxies of the environment not used: either would lead to an address that
nobody judged.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, MutableSequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import certifi

from tenants.webhooks.destinations import Destination

TIMEOUT_SECONDS = 5.0
# So long is one address tried before the next; the last of a host has all the time that is left.
CONNECT_SECONDS = 1.0
MAX_ANSWER_BYTES = 65_536
# A ValueError is what http.client raises for a chunk of less than no bytes.
CONNECTION_ERRORS = (OSError, http.client.HTTPException, ValueError)


@dataclass(frozen=True)
class WebhookResponse:
    """What came of one attempt. `status` is None if there was no answer, and `error` then says why in one word."""

    status: int | None = None
    error: str = ""
    text: str = ""
    duration_ms: int = 0

    @property
    def succeeded(self) -> bool:
        """Return whether the receiver accepted the event."""
        return self.status is not None and 200 <= self.status < 300


def post_webhook(
    destination: Destination,
    addresses: MutableSequence[str],
    *,
    body: bytes,
    headers: Mapping[str, str],
    timeout: float = TIMEOUT_SECONDS,
) -> WebhookResponse:
    """Post a body to the first address of a destination that can be reached, and return what came of it.

    That address is put first, so that no later call with the same `addresses` tries the others before it.
    """
    started = time.monotonic()
    try:
        status, text = _exchange(destination, addresses, body, headers, started + timeout)
        outcome: dict[str, Any] = {"status": status, "text": text}
    except CONNECTION_ERRORS as error:
        outcome = {"error": name_connection_error(error)}
    return WebhookResponse(**outcome, duration_ms=int((time.monotonic() - started) * 1000))


@contextmanager
def open_connection(
    destination: Destination,
    addresses: MutableSequence[str],
    *,
    deadline: float,
    max_answer_bytes: int = MAX_ANSWER_BYTES,
) -> Iterator[http.client.HTTPConnection]:
    """Connect to the first address that can be reached, until a deadline of `time.monotonic`.

    What goes wrong is one of CONNECTION_ERRORS.
    """
    connection = http.client.HTTPConnection(destination.host, destination.port)
    connection.response_class = _FinalResponse
    sock = _connect(destination, addresses, deadline)
    try:
        connection.sock = _DeadlineSocket(sock, deadline, max_answer_bytes)
        yield connection
    finally:
        connection.close()
        sock.close()


def build_own_headers(destination: Destination) -> dict[str, str]:
    """Return the headers of every request that a connection to an address needs."""
    return {"Host": _format_host(destination), "Connection": "close"}


def name_connection_error(error: Exception) -> str:
    """Return what one of CONNECTION_ERRORS means in one word."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "unreachable" if isinstance(error, OSError) else "no-http"


def _exchange(
    destination: Destination,
    addresses: MutableSequence[str],
    body: bytes,
    headers: Mapping[str, str],
    deadline: float,
) -> tuple[int, str]:
    with open_connection(destination, addresses, deadline=deadline) as connection:
        connection.request("POST", destination.path, body=body, headers=dict(headers) | build_own_headers(destination))
        response = connection.getresponse()
        return response.status, _read_text(response)


def _connect(destination: Destination, addresses: MutableSequence[str], deadline: float) -> socket.socket:
    sock = _reach_any(addresses, destination.port, deadline)
    if not destination.is_secure:
        return sock
    sock.settimeout(_get_remaining_seconds(deadline))
    try:
        return _build_tls_context().wrap_socket(sock, server_hostname=destination.host)
    except BaseException:
        sock.close()
        raise


def _reach_any(addresses: MutableSequence[str], port: int, deadline: float) -> socket.socket:
    """Connect to the first address that can be reached, and put it first. Raises OSError."""
    # A copy, since other threads of a batch put another one first meanwhile.
    *others, last = ordered = [*addresses]
    for number, address in enumerate(others):
        share = _get_remaining_seconds(deadline) / (len(ordered) - number)
        with suppress(OSError):
            sock = socket.create_connection((address, port), timeout=min(share, CONNECT_SECONDS))
            _put_first(addresses, address, ordered)
            return sock
    sock = socket.create_connection((last, port), timeout=_get_remaining_seconds(deadline))
    _put_first(addresses, last, ordered)
    return sock


def _put_first(addresses: MutableSequence[str], address: str, ordered: list[str]) -> None:
    # In one assignment, so that no other thread sees an address missing.
    addresses[:] = [address, *(other for other in ordered if other != address)]


def _format_host(destination: Destination) -> str:
    """Return the Host header of a destination: without the port if it is the scheme's own."""
    host = f"[{destination.host}]" if ":" in destination.host else destination.host
    is_default = destination.port == (443 if destination.is_secure else 80)
    return host if is_default else f"{host}:{destination.port}"


def _read_text(response: http.client.HTTPResponse) -> str:
    """Return the beginning of the answer; what breaks or takes too long after the status changes nothing."""
    try:
        data = response.read(MAX_ANSWER_BYTES)
    except http.client.IncompleteRead as error:
        data = error.partial
    except (OSError, http.client.HTTPException, ValueError):
        data = b""
    return data.decode(errors="replace").replace("\x00", "\ufffd")


def _get_remaining_seconds(deadline: float) -> float:
    """Return the time that is left. Raises TimeoutError."""
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining


@cache
def _build_tls_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class _FinalResponse(http.client.HTTPResponse):
    """The response behind those that announce it, such as 103 Early Hints; http.client skips those with 100 alone."""

    def begin(self) -> None:
        """Read the status and the headers."""
        super().begin()
        while http.HTTPStatus.SWITCHING_PROTOCOLS < self.status < http.HTTPStatus.OK:
            # Without headers it begins once more.
            self.headers = None  # type: ignore[assignment]
            super().begin()


class _DeadlineSocket:
    """What http.client needs of a socket; nothing takes longer than until the deadline, however slow the other side."""

    def __init__(self, sock: socket.socket, deadline: float, max_answer_bytes: int):
        self._sock, self._deadline, self._max_answer_bytes = sock, deadline, max_answer_bytes

    def sendall(self, data: bytes) -> None:
        """Send all of it; the time-out is for the whole of it."""
        self._sock.settimeout(_get_remaining_seconds(self._deadline))
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return what the answer is read from."""
        return io.BufferedReader(_DeadlineReader(self._receive, self._max_answer_bytes))

    def close(self) -> None:
        """Do nothing: http.client closes before the answer is read, and whoever opened the socket closes it after."""

    def _receive(self, buffer: memoryview) -> int:
        self._sock.settimeout(_get_remaining_seconds(self._deadline))
        return self._sock.recv_into(buffer)


class _DeadlineReader(io.RawIOBase):
    """Reads what arrives, and ends after as many bytes as headers and the part of the answer that is read may have."""

    def __init__(self, receive: Callable[[memoryview], int], max_answer_bytes: int = MAX_ANSWER_BYTES):
        self._receive, self._remaining = receive, max_answer_bytes + MAX_ANSWER_BYTES

    def readable(self) -> bool:
        """Return True, as io.BufferedReader asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer and return how many bytes."""
        received = self._receive(memoryview(buffer)[: self._remaining]) if self._remaining else 0
        self._remaining -= received
        return received
