"""Faults that a fake provider shows on demand."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat


@dataclass(frozen=True)
class Fault:
    """One way to fail. `kind` selects the behaviour of the fake; the other fields are its parameters."""

    kind: str
    status: int = 0
    seconds: float = 0
    body: str = ""


NO_FAULT = Fault("work")


def respond_with(status: int, body: str = "") -> Fault:
    """Respond with a status such as 400, 401, 429 or 500."""
    return Fault("answer", status=status, body=body)


def hang_after_request(seconds: float = 30) -> Fault:
    """Accept the message, then send nothing for some seconds."""
    return Fault("hang", seconds=seconds)


def accept_then_hang(seconds: float = 30) -> Fault:
    """Send a 2xx header and never the body."""
    return Fault("accept-then-hang", seconds=seconds)


def drop_connection() -> Fault:
    """Accept the message, then close the connection."""
    return Fault("drop")


def send_garbage() -> Fault:
    """Accept the message, then send bytes that are no TLS."""
    return Fault("garble")


def respond_slowly(seconds: float = 30) -> Fault:
    """Send one byte a second and never finish."""
    return Fault("trickle", seconds=seconds)


def succeed_after(seconds: float) -> Fault:
    """Succeed after some seconds."""
    return Fault("work", seconds=seconds)


class FaultScript:
    """The faults of a fake, one for each message; the last one repeats."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: Iterator[Fault] = repeat(NO_FAULT)

    def set_faults(self, *faults: Fault) -> None:
        """Show these faults in this order from now on; the last one repeats."""
        with self._lock:
            self._faults = chain(faults, repeat(faults[-1]))

    def next_fault(self) -> Fault:
        """Return the fault for the next message."""
        with self._lock:
            return next(self._faults)


class SimultaneousFaultScript(FaultScript):
    """Succeeds only when a number of messages arrive at the same time; others get a 503."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._barrier = threading.Barrier(number, timeout=60)

    def next_fault(self) -> Fault:
        """Wait for the other messages."""
        try:
            self._barrier.wait()
        except threading.BrokenBarrierError:
            return respond_with(503)
        return NO_FAULT
