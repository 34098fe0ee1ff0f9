"""Running a parser in a child process, and reading what it finds.

The child starts from an empty environment: it knows no setting, no secret and no database. It is no fork of this
process, whose threads may hold locks.
"""

import json
import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, BinaryIO

from django.conf import settings

from tenants.context import get_current_business
from tenants.sandbox.limits import ParserLimits
from tenants.sandbox.refusals import FileRefused
from tenants.sandbox.slots import acquire_slot

MAX_LINE_SIZE = 16 * 2**20
READ_SIZE = 1 << 16
# How often a caller hears that the parser lives.
PROGRESS_SECONDS = 3

log = logging.getLogger(__name__)


class ParserLimitExceeded(Exception):
    """The file needs more memory, time or output than the limits allow."""


class ParserFailed(Exception):
    """The parser raised an error that it doesn't expect of a file."""


def parse_in_sandbox(
    parser: str,
    file: BinaryIO,
    *,
    limits: ParserLimits,
    slot_wait_seconds: float,
    on_progress: Callable[[], None] = lambda: None,
    **options: Any,
) -> Iterator[Any]:
    """Yield what a parser yields for a file; `parser` is the path of a function (file, **options).

    `on_progress` is called every few seconds. Raises FileRefused, ParserLimitExceeded, ParserFailed, and SandboxBusy
    when no slot is free after `slot_wait_seconds`.
    """
    business = get_current_business()
    file.seek(0)
    with acquire_slot(str(business.pk) if business else "", wait_seconds=slot_wait_seconds) as locks:
        job = json.dumps({"limits": asdict(limits), "options": options})
        with _start_process(parser, job, file, locks) as process:
            yield from _read_values(process, limits, on_progress)


@contextmanager
def _start_process(parser: str, job: str, file: BinaryIO, locks: list[int]) -> Iterator[subprocess.Popen]:
    """Start a parser process, and end it with the block."""
    process = subprocess.Popen(
        [sys.executable, "-E", "-s", "-B", "-m", "tenants.sandbox.child", parser, job],
        stdin=file.fileno(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env={"LANG": "C.UTF-8"},
        pass_fds=locks,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def _read_values(process: subprocess.Popen, limits: ParserLimits, on_progress: Callable[[], None]) -> Iterator[Any]:
    for line in _read_lines(process, limits, on_progress):
        message = json.loads(line)
        if "end" in message:
            return _raise_unless_parsed(message)
        yield from message["values"]
    # It was ended by the kernel, at a limit, before it could say so.
    raise ParserLimitExceeded


def _read_lines(
    process: subprocess.Popen, limits: ParserLimits, on_progress: Callable[[], None]
) -> Iterator[bytearray]:
    """Yield the complete lines of a process's output. Raises ParserLimitExceeded."""
    pending, size = bytearray(), 0
    for data in _read_blocks(process, limits, on_progress):
        size += len(data)
        pending += data
        *lines, rest = pending.split(b"\n") if b"\n" in data else (pending,)
        if size > limits.output_size or len(rest) > MAX_LINE_SIZE:
            raise ParserLimitExceeded
        yield from lines
        pending = rest


def _read_blocks(process: subprocess.Popen, limits: ParserLimits, on_progress: Callable[[], None]) -> Iterator[bytes]:
    """Yield a process's output as it comes. Only the time that we wait for it counts. Raises ParserLimitExceeded."""
    assert process.stdout
    descriptor = process.stdout.fileno()
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    waited, told_at = 0.0, time.monotonic()
    while True:
        started_at = time.monotonic()
        is_readable = poll.poll(PROGRESS_SECONDS * 1000)
        now = time.monotonic()
        waited += now - started_at
        if waited > limits.wait_seconds:
            raise ParserLimitExceeded
        if now - told_at >= PROGRESS_SECONDS:
            on_progress()
            told_at = now
        if is_readable:
            if not (data := os.read(descriptor, READ_SIZE)):
                return
            yield data


def _raise_unless_parsed(message: dict[str, str]) -> None:
    if message["end"] == "refused":
        raise FileRefused(message["reason"])
    if message["end"] == "out-of-memory":
        raise ParserLimitExceeded
    if message["end"] == "failed":
        log.warning("a parser failed: %s", message["reason"])
        raise ParserFailed(message["reason"])
