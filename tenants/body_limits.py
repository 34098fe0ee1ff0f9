"""Limits the size of request bodies before they are read."""

from collections.abc import Callable
from typing import IO, Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# For pages without a limit of their own: room for a logo or a photo and its form.
DEFAULT_MAX_BYTES = 12 * 2**20
# What the other fields of a form and the multipart boundaries may add.
FORM_OVERHEAD = 2**20

View = TypeVar("View", bound=Callable)


def limit_upload_size(max_file_bytes: int) -> Callable[[View], View]:
    """Let a view receive files of `max_file_bytes` in total. May stand above or below the permission decorators."""

    def set_limit(view: View) -> View:
        view.max_body_bytes = max_file_bytes + FORM_OVERHEAD  # type: ignore[attr-defined]
        return view

    return set_limit


class BodyLimitHandler(FileUploadHandler):
    """Rejects a request whose Content-Length is too large; a server never reads more than that."""

    def handle_raw_input(self, input_data: IO, META: dict, content_length: int, *rest: Any, **more: Any) -> None:  # noqa: N803
        """Compare Content-Length with the view's limit. Raises RequestDataTooBig."""
        match = getattr(self.request, "resolver_match", None)
        if content_length > getattr(match and match.func, "max_body_bytes", DEFAULT_MAX_BYTES):
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the data on to the next handlers."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Pass the file on to the next handlers."""
