"""Parsers that misbehave in one way each; they run in child processes and import nothing of Django."""

import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from tenants.sandbox.refusals import FileRefused


def count_bytes(file: BinaryIO, *, times: int = 1) -> Iterator[int]:
    """Yield the size of the file, several times."""
    size = len(file.read())
    yield from [size] * times


def describe_process(file: BinaryIO) -> Iterator[Any]:
    """Yield the environment and the imported packages of the child."""
    yield dict(os.environ)
    yield sorted({name.partition(".")[0] for name in sys.modules})


def fill_memory(file: BinaryIO) -> Iterator[int]:
    """Allocate memory without end."""
    hoard = []
    while True:
        hoard.append(bytearray(2**20))


def compute_for_ever(file: BinaryIO) -> Iterator[int]:
    """Use the processor without end."""
    while True:
        pass
    yield 0


def sleep_for_ever(file: BinaryIO) -> Iterator[int]:
    """Do nothing without end."""
    time.sleep(10_000)
    yield 0


def talk_for_ever(file: BinaryIO) -> Iterator[str]:
    """Write without end."""
    while True:
        yield "x" * 1000


def yield_one_huge_value(file: BinaryIO) -> Iterator[str]:
    """Write a single value that is larger than a line may be."""
    yield "x" * (40 * 2**20)


def write_a_file(file: BinaryIO, *, path: str) -> Iterator[int]:
    """Try to write to a file."""
    with Path(path).open("wb", buffering=0) as target:
        yield target.write(b"x")


def list_limits(file: BinaryIO) -> Iterator[tuple[str, list[int]]]:
    """Yield the names and values of the limits that the kernel keeps for this process."""
    for name in ("AS", "CPU", "FSIZE", "NPROC", "NOFILE", "CORE"):
        yield name, list(resource.getrlimit(getattr(resource, f"RLIMIT_{name}")))


def describe_end(file: BinaryIO) -> Iterator[int]:
    """Yield the seconds until it is ended, and how gladly the kernel ends it when memory runs out."""
    yield round(signal.getitimer(signal.ITIMER_REAL)[0])
    yield int(Path("/proc/self/oom_score_adj").read_text())


def reserve_memory(file: BinaryIO, *, size: int) -> Iterator[int]:
    """Ask for a block of memory, and use none of it."""
    yield len(bytearray(size))


def open_many_sockets(file: BinaryIO) -> Iterator[int]:
    """Try to open as many sockets as an attack would need."""
    sockets = [socket.socket() for _number in range(100)]
    yield len(sockets)


def refuse(file: BinaryIO) -> Iterator[int]:
    """Refuse the file."""
    raise FileRefused("not-today")
    yield 0


def fail(file: BinaryIO) -> Iterator[int]:
    """Raise an error whose text quotes the file."""
    raise ZeroDivisionError(file.read().decode())
    yield 0


def die(file: BinaryIO) -> Iterator[int]:
    """End as the kernel ends a process, in the middle of the output."""
    yield 1
    os.kill(os.getpid(), 9)
