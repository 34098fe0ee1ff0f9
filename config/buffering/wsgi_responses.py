"""Calls a WSGI application and keeps its whole response, so that the thread is free before a byte of it is sent."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, Protocol

from tenants.limits import RESPONSE_BYTES_IN_MEMORY

WSGIApplication = Callable[[dict[str, Any], Callable], Iterable[bytes]]
Headers = list[tuple[bytes, bytes]]

PLAIN_HEADERS: Headers = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
]

logger = logging.getLogger(__name__)


class ReadableFile(Protocol):
    """An open file."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""

    def fileno(self) -> int:
        """Return the file descriptor; raises OSError for a file in memory."""


class FileWrapper:
    """A file that the server sends itself, as PEP 3333 has it."""

    def __init__(self, file: ReadableFile, block_size: int = 8192) -> None:
        self.file = file
        self.block_size = block_size
        if hasattr(file, "close"):
            self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        while block := self.file.read(self.block_size):
            yield block


@dataclass
class WSGIResponse:
    """A finished response: its body is a few bytes, or a file to be sent from where it stands."""

    status: int
    headers: Headers
    body: bytes | ReadableFile
    close: Callable[[], None] | None


def call_application(application: WSGIApplication, environ: dict[str, Any]) -> WSGIResponse:
    """Call a WSGI application and return its response; 500 for an error that it doesn't answer itself."""
    started: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        lowered = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        started.append((int(status[:3]), lowered))

    try:
        body, close = _collect_body(application(environ, start_response))
        return WSGIResponse(*started[-1], body, close)
    except Exception:
        logger.exception("the application failed")
        return build_plain_response(500, b"Internal Server Error")


def build_plain_response(status: int, text: bytes) -> WSGIResponse:
    """Return a response that no page and no middleware has made; the connection ends with it."""
    return WSGIResponse(status, PLAIN_HEADERS, text, None)


def _collect_body(chunks: Iterable[bytes]) -> tuple[bytes | ReadableFile, Callable[[], None] | None]:
    """Return the body, and the function to call when it was sent."""
    close = getattr(chunks, "close", None)
    if isinstance(chunks, FileWrapper):
        return chunks.file, close
    try:
        return _read_chunks(iter(chunks))
    finally:
        if close:
            close()


def _read_chunks(chunks: Iterator[bytes]) -> tuple[bytes | ReadableFile, Callable[[], None] | None]:
    """Return the only chunk as it is if it is small, and all else as a file that is on disk when it is large."""
    first, second = next(chunks, b""), next(chunks, None)
    if second is None and len(first) <= RESPONSE_BYTES_IN_MEMORY:
        return first, None
    with ExitStack() as stack:
        file = stack.enter_context(SpooledTemporaryFile(max_size=RESPONSE_BYTES_IN_MEMORY))
        file.writelines((first, second or b""))
        file.writelines(chunks)
        file.seek(0)
        return file, stack.pop_all().close
