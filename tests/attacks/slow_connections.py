"""Opens connections that send a form byte by byte, or leave a response unread, each from a network of its own.

What waits for the server gives up with a sentence: a server that hangs fails a test and stops no other.
"""

import select
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

from tests.attacks.production_server import PORTAL

FORM_BYTES = 900_000
# As long as a reader may be left waiting by a busy machine, not by Portico.
TIMEOUT_SECONDS = 120
# So small that the kernels' buffers don't take a whole response.
RECEIVE_BUFFER = 4096


@contextmanager
def open_slow_senders(port: int, count: int, *, host: str = PORTAL, network: str = "") -> Iterator[list[socket.socket]]:
    """Begin to send a form on each of many connections; all from one network, or from one each."""
    with ExitStack() as stack:
        senders = []
        for number in range(count):
            sender = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS))
            form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(FORM_BYTES)}
            sender.sendall(
                build_request_head("POST", "/sign-in/", host=host, network=network or f"10.9.{number}.1", **form)
            )
            senders.append(sender)
        send_one_byte_each(senders)
        yield senders


@contextmanager
def open_slow_readers(port: int, count: int, path: str, *, host: str = PORTAL) -> Iterator[list[socket.socket]]:
    """Request a page on each of many connections and read none of it."""
    with ExitStack() as stack:
        readers = []
        for number in range(count):
            reader = stack.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            reader.settimeout(TIMEOUT_SECONDS)
            reader.connect(("127.0.0.1", port))
            reader.sendall(build_request_head("GET", path, host=host, network=f"10.8.{number}.1"))
            readers.append(reader)
        for reader in readers:
            wait_for_answers([reader])
        yield readers


def build_request_head(method: str, path: str, *, host: str, network: str, **headers: str) -> bytes:
    """Return the head of a request as a proxy passes it on."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "X-Forwarded-Proto: https", f"X-Forwarded-For: {network}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def send_one_byte_each(senders: Sequence[socket.socket]) -> None:
    """Send the next byte of each form."""
    for sender in senders:
        sender.sendall(b"a")


def count_answered(senders: Sequence[socket.socket]) -> int:
    """Return how many connections were answered or closed by now."""
    return len(select.select(senders, [], [], 0)[0])


def wait_for_answers(senders: Sequence[socket.socket]) -> list[socket.socket]:
    """Wait until a connection was answered; return all that were."""
    answered = select.select(senders, [], [], TIMEOUT_SECONDS)[0]
    assert answered, f"none of {len(senders)} connections was answered within {TIMEOUT_SECONDS} seconds"
    return answered


def send_steadily_until_answered(sender: socket.socket) -> None:
    """Send byte after byte until the answer is there. Once it is, the connection is closed."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    with suppress(BrokenPipeError, ConnectionResetError):
        while not select.select([sender], [], [], 0.05)[0]:
            assert time.monotonic() < deadline, f"a steady sender was not answered within {TIMEOUT_SECONDS} seconds"
            sender.sendall(b"a")


def wait_until_closed(connection: socket.socket) -> None:
    """Wait until the server has closed a connection, without reading from it."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    assert poll.poll(TIMEOUT_SECONDS * 1000), f"a connection was still open after {TIMEOUT_SECONDS} seconds"


@contextmanager
def connect(port: int) -> Iterator[socket.socket]:
    """Open a connection that waits no longer than a busy machine may take."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
        yield connection


def read_status(connection: socket.socket) -> int:
    """Read an answer to its end and return its status; 0 if the connection was closed without one."""
    answer = b""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while chunk := connection.recv(65_536):
        assert time.monotonic() < deadline, (
            f"an answer was not complete within {TIMEOUT_SECONDS} seconds: {answer[:99]!r}"
        )
        answer += chunk
        head, end, body = answer.partition(b"\r\n\r\n")
        if end and b"content-length" in head.lower():
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            if len(body) >= length:
                break
    return int(answer.split(b" ")[1]) if answer else 0
