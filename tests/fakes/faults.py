"""In which ways can a provider fail us?"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat


@dataclass(frozen=True)
class Fault:
    """One misbehaviour. `kind` is a key of a fake's repertoire; the rest is its manner."""

    kind: str
    status: int = 0
    seconds: float = 0
    body: str = ""


NO_FAULT = Fault("work")


def respond_with(status: int, body: str = "") -> Fault:
    """Answer with a status of its own: 400, 401, 429, 500 …"""
    return Fault("answer", status=status, body=body)


def hang(seconds: float = 30) -> Fault:
    """Take the message, then say nothing for so long."""
    return Fault("hang", seconds=seconds)


def accept_then_hang(seconds: float = 30) -> Fault:
    """Say 2xx, promise a body and never deliver it."""
    return Fault("accept-then-hang", seconds=seconds)


def drop() -> Fault:
    """Take the message, then hang up without a word."""
    return Fault("drop")


def garble() -> Fault:
    """Take the message, then break TLS with bytes that aren't any."""
    return Fault("garble")


def trickle(seconds: float = 30) -> Fault:
    """Answer one byte a second: never silent for long, never done."""
    return Fault("trickle", seconds=seconds)


def slow(seconds: float) -> Fault:
    """Work, but take so long for it."""
    return Fault("work", seconds=seconds)


class Script:
    """What a fake does with each message in turn; the last fault repeats."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: Iterator[Fault] = repeat(NO_FAULT)

    def play(self, *faults: Fault) -> None:
        """Misbehave in this order from now on, the last one for ever."""
        with self._lock:
            self._faults = chain(faults, repeat(faults[-1]))

    def next(self) -> Fault:
        """Return what to do with the message at hand."""
        with self._lock:
            return next(self._faults)


class BarrierScript(Script):
    """Works for messages that come so many at a time; one that comes alone waits in vain and is turned away."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._barrier = threading.Barrier(number, timeout=60)

    def next(self) -> Fault:
        """Wait for the others."""
        try:
            self._barrier.wait()
        except threading.BrokenBarrierError:
            return respond_with(503)
        return NO_FAULT
