"""Cleaning of text and keys from requests before they reach a query."""

from uuid import UUID


def clean_text(text: str, *, max_length: int) -> str:
    """Return the text on one line, without NUL, which PostgreSQL can't store, cut to `max_length` characters."""
    return " ".join(text.replace("\0", "").split())[:max_length]


def parse_uuid(text: str) -> UUID | None:
    """Return the UUID, or None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None
