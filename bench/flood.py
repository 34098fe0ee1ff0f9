"""How many requests a second does a server answer?

One process and one thread ask over connections kept open, each the next thing as soon as it
has its answer. It works with bare sockets, as a client that parsed anything would take more
of the machine than the servers it measures.
"""

import selectors
import socket
import time
from collections.abc import Sequence
from itertools import cycle

CONNECTIONS = 32
END = b"0\r\n\r\n"  # granian sends in chunks; the last one is empty.


def requests_per_second(port: int, path: str, hosts: Sequence[str], seconds: float) -> float:
    """Ask for a page on the hosts in turn, for so long; every answer must be a 200."""
    asks = cycle([f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode() for host in hosts])
    lines = [_line(port) for _ in range(CONNECTIONS)]
    answers, began = 0, time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line, selectors.EVENT_READ)
            line.sendall(next(asks))
        while time.perf_counter() - began < seconds:
            for key, _events in selector.select(1):
                if _has_answer(key.fileobj):
                    answers += 1
                    key.fileobj.sendall(next(asks))
        passed = time.perf_counter() - began
    for line in lines:
        line.close()
    return answers / passed


def _line(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def _has_answer(line: socket.socket) -> bool:
    """Read what is there; an answer may come in two parts."""
    part = line.recv(65_536)
    assert part.startswith((b"HTTP/1.1 200", b"7\r\n", b"0\r\n")), part
    return part.endswith(END)
