"""Receives the body of a request into memory or a file, within a limit of size."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any

from config.buffering.shared_budgets import BudgetExceeded, SharedBudget
from tenants.limits import BODY_BYTES_IN_MEMORY, ORDINARY_BODY_BYTES

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

# Each piece of a body, and a chunk of one byte is one, takes a turn of the event loop that all businesses share.
MANY_PIECES = 1000
MIN_BYTES_PER_PIECE = 256


class BodyIncomplete(Exception):
    """The sender is gone, or sent what can't be read as a body; the server doesn't tell which."""


class BodyRefused(Exception):
    """The body is not read to its end; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class DiskBudgets:
    """The room on disk for what anybody may send, by block of networks, and for what a page admits, by business."""

    ordinary: SharedBudget
    admitted: SharedBudget


class RequestBody:
    """The body of one request, while it arrives and until it was processed."""

    def __init__(
        self, file: SpooledTemporaryFile, *, block: str, announced_bytes: int | None, disk: DiskBudgets
    ) -> None:
        self.announced_bytes = announced_bytes
        self.size = 0
        self._pieces = 0
        self.is_complete = False
        self.is_admitted = False
        self.max_bytes = ORDINARY_BODY_BYTES
        self.file = file
        self._disk = disk
        self._budget, self._owner = disk.ordinary, block
        self._reserved_bytes = 0

    @property
    def is_too_large(self) -> bool:
        """Return whether more was announced, or has arrived, than may."""
        return max(self.announced_bytes or 0, self.size) > self.max_bytes

    def admit(self, max_bytes: int, owner: str) -> None:
        """Raise the limit, at a business's cost. Raises BodyRefused if the body is larger or there is no room for it.

        Room is taken by what has arrived: who only announces a large body takes none from others.
        """
        self.is_admitted, self.max_bytes = True, max_bytes
        if self.is_too_large:
            raise BodyRefused(413)
        self.release_disk()
        self._budget, self._owner = self._disk.admitted, owner
        self._reserve_disk(self.size)

    def append(self, message: Mapping[str, Any]) -> None:
        """Add what the server received. Raises BodyIncomplete, and BodyRefused if it has no room or tiny pieces."""
        if message["type"] == "http.disconnect":
            raise BodyIncomplete
        chunk = message.get("body", b"")
        self.size += len(chunk)
        self._pieces += 1
        if self._pieces > MANY_PIECES and self.size < self._pieces * MIN_BYTES_PER_PIECE:
            raise BodyRefused(413)
        self._reserve_disk(self.size)
        self.file.write(chunk)
        self.is_complete = not message.get("more_body", False)

    def discard(self) -> None:
        """Give up what has arrived, and its room on disk."""
        self.file.close()
        self.release_disk()

    def release_disk(self) -> None:
        """Give the room on disk back."""
        self._budget.release(self._owner, self._reserved_bytes)
        self._reserved_bytes = 0

    def _reserve_disk(self, total_bytes: int) -> None:
        missing = total_bytes - self._reserved_bytes
        if total_bytes <= BODY_BYTES_IN_MEMORY or missing <= 0:
            return
        try:
            self._budget.reserve(self._owner, missing)
        except BudgetExceeded:
            raise BodyRefused(503) from None
        self._reserved_bytes = total_bytes


@contextmanager
def buffer_body(*, block: str, announced_bytes: int | None, disk: DiskBudgets) -> Iterator[RequestBody]:
    """Hold the body of a request, which is yet to be received, while the block lasts."""
    with SpooledTemporaryFile(max_size=BODY_BYTES_IN_MEMORY) as file:
        body = RequestBody(file, block=block, announced_bytes=announced_bytes, disk=disk)
        try:
            yield body
        finally:
            body.release_disk()
