"""Measures how many requests a second a server answers.

One thread sends over connections that stay open, on each the next request as soon as the response
is there. It uses bare sockets, since a client that parsed the responses would take more of the
machine than the servers it measures.
"""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from itertools import cycle

CONNECTIONS = 32
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


def requests_per_second(port: int, path: str, hosts: Sequence[str], seconds: float, *, headers: str = "") -> float:
    """Request a page of the hosts in turn for `seconds`, with header lines; every response must be a 200."""
    requests = cycle([f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode() for host in hosts])
    connections = [_open_connection(port) for _ in range(CONNECTIONS)]
    responses, began = 0, time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
            connection.sendall(next(requests))
        while time.perf_counter() - began < seconds:
            for key, _events in selector.select(1):
                _read_response(key.fileobj)
                responses += 1
                key.fileobj.sendall(next(requests))
        passed = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return responses / passed


def _open_connection(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _read_response(connection: socket.socket) -> None:
    """Read a response and check that it is whole; a short one comes in one piece."""
    head, _end, body = connection.recv(65_536).partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    assert head.startswith(b"HTTP/1.1 200"), head
    assert length, head
    missing = int(length[1]) - len(body)
    while missing > 0:
        part = connection.recv(missing)
        assert part, head
        missing -= len(part)
    assert missing == 0, head
