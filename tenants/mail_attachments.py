"""The files that go with a mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any


class InvalidAttachment(ValueError):
    """A file name or content type that can't be written into a mail."""


@dataclass(frozen=True, slots=True)
class MailAttachment:
    """One file of a mail. Its content type may have parameters: `text/calendar; method=REQUEST; charset=utf-8`.

    Its repr shows neither name nor content, which may name a client. Raises InvalidAttachment when it is made with a
    file name or content type that could begin another header, or with a content type that is none.
    """

    filename: str = field(repr=False)
    content_type: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not self.filename or not (self.filename + self.content_type).isprintable():
            raise InvalidAttachment("a file name or content type has characters that no header may have")
        if self._parse_content_type().defects:
            raise InvalidAttachment(f"{self.content_type} is no content type")

    @property
    def media_type(self) -> str:
        """The content type without its parameters, such as `text/calendar`."""
        return self._parse_content_type().content_type

    @property
    def parameters(self) -> Mapping[str, str]:
        """The parameters of the content type, by their names in lower case."""
        return {name.lower(): value for name, value in self._parse_content_type().params.items()}

    def _parse_content_type(self) -> Any:
        mail = EmailMessage()
        mail["Content-Type"] = self.content_type
        return mail["Content-Type"]
