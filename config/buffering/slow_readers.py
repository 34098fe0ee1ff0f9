"""Closes connections whose reader takes a response too slowly, or not at all.

A finished response waits in the server and in the kernel, where no thread and no code of ours sees it. So the kernel
is asked for every connection, every few seconds, how much of what was sent has been acknowledged.
"""

import asyncio
import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from tenants import metrics

CHECKS_PER_TIMEOUT = 6
# Offsets in Linux's struct tcp_info.
UNACKED_SEGMENTS, BYTES_ACKED, NOT_SENT_BYTES = 24, 120, 144
TCP_INFO_SIZE = 148
DESCRIPTORS = Path("/proc/self/fd")

log = structlog.get_logger(__name__)

Peer = tuple[str, int]


@dataclass(frozen=True)
class SendProgress:
    """How far a connection's peer has read, at a moment at which it had not read everything."""

    at: float
    acked_bytes: int


class SlowReaderMonitor:
    """Watches all connections that this process has accepted."""

    def __init__(self, *, stall_timeout: float, min_rate: int) -> None:
        self.stall_timeout = stall_timeout
        self.min_rate = min_rate
        self._pending: dict[Peer, SendProgress] = {}
        self._task: asyncio.Task | None = None

    def start(self, server: tuple[str, str | int] | None) -> None:
        """Start watching from the running event loop, once; not on a Unix socket, nor where the kernel doesn't tell."""
        if self._task is None and server and hasattr(socket, "TCP_INFO"):
            self._task = asyncio.get_running_loop().create_task(self._watch(int(server[1])))

    def close_slow_connections(self, port: int, *, now: float) -> int:
        """Close the connections to a port that were too slow for the whole timeout; return how many."""
        pending, slow = {}, []
        for descriptor, peer, acked_bytes in _list_unread_connections(port):
            since = pending[peer] = self._pending.get(peer) or SendProgress(now, acked_bytes)
            if now - since.at < self.stall_timeout:
                continue
            if acked_bytes - since.acked_bytes < self.min_rate * (now - since.at):
                slow.append((descriptor, peer))
            else:
                pending[peer] = SendProgress(now, acked_bytes)
        self._pending = pending
        return sum(_close_connection(descriptor, peer) for descriptor, peer in slow)

    async def _watch(self, port: int) -> None:
        while True:
            await asyncio.sleep(self.stall_timeout / CHECKS_PER_TIMEOUT)
            try:
                closed = await asyncio.to_thread(self.close_slow_connections, port, now=time.monotonic())
            except OSError:  # No descriptor was free to list the others; connections that were too slow free some.
                log.exception("http.slow-readers-unchecked")
                continue
            if closed:
                metrics.SLOW_READERS.inc(closed)
                log.info("http.slow-readers-closed", connections=closed)


def _list_unread_connections(port: int) -> Iterator[tuple[int, Peer, int]]:
    """Yield descriptor, peer and acknowledged bytes of each accepted connection with something left to read."""
    for path in DESCRIPTORS.iterdir():
        descriptor = int(path.name)
        with suppress(OSError):
            connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=descriptor)
            try:
                info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_SIZE)
                if _is_unread(info) and connection.getsockname()[1] == port:
                    yield descriptor, connection.getpeername()[:2], struct.unpack_from("Q", info, BYTES_ACKED)[0]
            finally:
                connection.detach()  # The server owns the descriptor.


def _is_unread(info: bytes) -> bool:
    (unacked,) = struct.unpack_from("I", info, UNACKED_SEGMENTS)
    (not_sent,) = struct.unpack_from("I", info, NOT_SENT_BYTES)
    return bool(unacked or not_sent)


def _close_connection(descriptor: int, peer: Peer) -> bool:
    """Reset a connection; not one that took the descriptor in the meantime."""
    with suppress(OSError), closing(socket.socket(fileno=os.dup(descriptor))) as connection:
        if connection.getpeername()[:2] == peer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.shutdown(socket.SHUT_RDWR)
            return True
    return False
