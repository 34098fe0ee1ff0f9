"""Cleaning of text and keys from requests before they reach a query."""

import re
import unicodedata
from uuid import UUID

# Zero-width characters and direction marks, which address books put into copied numbers.
INVISIBLE_CHARS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean_text(text: str, *, max_length: int) -> str:
    """Return the text on one line, without NUL, which PostgreSQL can't store, cut to `max_length` characters."""
    return " ".join(text.replace("\0", "").split())[:max_length]


def normalise_text(text: str) -> str:
    """Return the text without invisible characters and the space around it, in NFKC."""
    return unicodedata.normalize("NFKC", INVISIBLE_CHARS.sub("", text)).strip()


def to_ascii_digits(text: str) -> str:
    """Return the text with the digits 0 to 9 for those of any script."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def parse_uuid(text: str) -> UUID | None:
    """Return the UUID, or None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None
