"""Connections are closed only where a reader was too slow for the whole timeout."""

import asyncio
import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config.buffering import slow_readers
from config.buffering.slow_readers import SlowReaderMonitor

UNREAD_BYTES = 200_000


@contextmanager
def accept_connection() -> Iterator[tuple[socket.socket, socket.socket, int]]:
    """Yield both ends of a connection whose reader takes little at a time, and the port it was accepted on."""
    with socket.socket() as listener, socket.socket() as reader:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(listener.getsockname())
        server, _address = listener.accept()
        with server:
            yield server, reader, listener.getsockname()[1]


@pytest.fixture
def connection():
    """A connection with something to read."""
    with accept_connection() as (server, reader, port):
        server.setblocking(False)
        server.send(bytes(UNREAD_BYTES))
        yield server, reader, port


@pytest.fixture
def monitor() -> SlowReaderMonitor:
    """A monitor that gives a reader ten seconds."""
    return SlowReaderMonitor(stall_timeout=10, min_rate=1000)


def read_bytes(reader: socket.socket, count: int) -> None:
    """Read a number of bytes."""
    while count > 0:
        count -= len(reader.recv(min(count, 4096)))


def test_a_reader_who_takes_nothing_is_closed_after_the_timeout(connection, monitor):
    server, reader, port = connection

    assert [monitor.close_slow_connections(port, now=now) for now in (0, 9, 10)] == [0, 0, 1]
    with pytest.raises(BrokenPipeError):
        server.send(b"more")
    server.close()
    with pytest.raises(ConnectionResetError):
        read_bytes(reader, UNREAD_BYTES)


def test_a_reader_who_takes_enough_is_left_alone(connection, monitor):
    _server, reader, port = connection
    monitor.close_slow_connections(port, now=0)
    read_bytes(reader, 100_000)

    assert monitor.close_slow_connections(port, now=10) == 0
    assert [monitor.close_slow_connections(port, now=now) for now in (19, 20)] == [0, 1]


def test_a_reader_who_has_read_everything_starts_anew(connection, monitor):
    server, reader, port = connection
    monitor.close_slow_connections(port, now=0)
    read_bytes(reader, UNREAD_BYTES)
    assert monitor.close_slow_connections(port, now=9) == 0

    server.send(bytes(UNREAD_BYTES))
    assert [monitor.close_slow_connections(port, now=now) for now in (12, 21, 22)] == [0, 0, 1]


def test_connections_that_this_server_did_not_accept_are_left_alone(connection, monitor):
    _server, _reader, port = connection

    assert [monitor.close_slow_connections(port + 1, now=now) for now in (0, 100)] == [0, 0]


def test_a_check_that_finds_no_free_descriptor_is_not_the_last(monkeypatch):
    class UnlistableDirectory:
        """Can't be listed the first time."""

        listings = 0

        def iterdir(self):
            self.listings += 1
            if self.listings == 1:
                raise OSError(errno.EMFILE, "Too many open files")
            checked_again.set()
            return iter(())

    async def watch() -> None:
        SlowReaderMonitor(stall_timeout=0.001, min_rate=1).start(("127.0.0.1", 1))
        await asyncio.to_thread(checked_again.wait, 10)

    checked_again = threading.Event()
    monkeypatch.setattr(slow_readers, "DESCRIPTORS", UnlistableDirectory())
    asyncio.run(watch())

    assert checked_again.is_set()
