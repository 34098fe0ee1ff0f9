"""Limits the size of request bodies before they are read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from tenants.limits import FORM_OVERHEAD, ORDINARY_BODY_BYTES

# Keys of the WSGI environment: the server asks whether to read a body, or says why it did not.
BODY_ADMISSION = "portico.body_admission"
BODY_REFUSAL = "portico.body_refusal"

View = TypeVar("View", bound=Callable)


@dataclass
class BodyAdmission:
    """The server's question whether it may read a large body, and the answer of the page that takes it."""

    announced_bytes: int | None = None
    max_bytes: int = 0
    is_granted: bool = False
    # The business at whose cost the body is kept until it was processed.
    owner: str = ""


def limit_upload_size(max_file_bytes: int) -> Callable[[View], View]:
    """Let a view receive files of `max_file_bytes` in total. May stand above or below the permission decorators."""

    def set_limit(view: View) -> View:
        view.max_body_bytes = max_file_bytes + FORM_OVERHEAD  # type: ignore[attr-defined]
        return view

    return set_limit


def get_max_body_bytes(view: Callable | None) -> int:
    """Return how large a body a view accepts."""
    return getattr(view, "max_body_bytes", ORDINARY_BODY_BYTES)


class BodyLimitHandler(FileUploadHandler):
    """Rejects a request whose Content-Length is too large; a server never reads more than that."""

    def handle_raw_input(self, input_data: IO, META: dict, content_length: int, *rest: Any, **more: Any) -> None:  # noqa: N803
        """Compare Content-Length with the view's limit. Raises RequestDataTooBig."""
        match = getattr(self.request, "resolver_match", None)
        if content_length > get_max_body_bytes(match and match.func):
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the data on to the next handlers."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Pass the file on to the next handlers."""
