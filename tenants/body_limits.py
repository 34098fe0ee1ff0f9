"""How much may a request carry? Asked before a byte of it is read, and of every form that brings files."""

from collections.abc import Callable, Iterator
from typing import IO, Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# Forms whose page says nothing else: a logo or a photo, and the words around it.
DEFAULT_MAX_BYTES = 12 * 2**20
# What the fields beside a file and the marks between them may add.
FORM_OVERHEAD = 2**20

View = TypeVar("View", bound=Callable)


def allow_uploads(max_body_bytes: int) -> Callable[[View], View]:
    """Let a page take files of so many bytes together. Stands above or below the door, which passes it on."""

    def set_limit(view: View) -> View:
        view.max_body_bytes = max_body_bytes + FORM_OVERHEAD  # type: ignore[attr-defined]
        return view

    return set_limit


class BodyLimitHandler(FileUploadHandler):
    """Refuses a request that says it is too long; a server reads no more of it than it says."""

    def handle_raw_input(self, input_data: IO, META: dict, content_length: int, *rest: Any, **more: Any) -> None:  # noqa: N803
        """Compare the announced length with what the page takes. Raises RequestDataTooBig."""
        page = getattr(self.request, "resolver_match", None)
        if content_length > getattr(page and page.func, "max_body_bytes", DEFAULT_MAX_BYTES):
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the keeping to the handlers that come next."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that come next."""


def iter_chunks(file: Any, size: int = 2**20) -> Iterator[bytes]:
    """Yield an uploaded file in pieces, wherever it lies meanwhile."""
    yield from file.chunks(size)
