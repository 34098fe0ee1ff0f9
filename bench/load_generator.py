"""Measures how many requests a second a server answers.

One thread sends over connections that stay open, on each the next request as soon as the response
is there. It uses bare sockets, since a client that parsed the responses would take more of the
machine than the servers it measures.
"""

import selectors
import socket
import time
from collections.abc import Sequence
from itertools import cycle

CONNECTIONS = 32
LAST_CHUNK = b"0\r\n\r\n"  # granian sends in chunks; the last one is empty.


def requests_per_second(port: int, path: str, hosts: Sequence[str], seconds: float) -> float:
    """Request a page of the hosts in turn for `seconds`; every response must be a 200."""
    requests = cycle([f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode() for host in hosts])
    connections = [_open_connection(port) for _ in range(CONNECTIONS)]
    responses, began = 0, time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
            connection.sendall(next(requests))
        while time.perf_counter() - began < seconds:
            for key, _events in selector.select(1):
                if _ends_response(key.fileobj):
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


def _ends_response(connection: socket.socket) -> bool:
    """Read what has arrived; return whether it ends a response, which may come in two chunks."""
    chunk = connection.recv(65_536)
    assert chunk.startswith((b"HTTP/1.1 200", b"7\r\n", b"0\r\n")), chunk
    return chunk.endswith(LAST_CHUNK)
