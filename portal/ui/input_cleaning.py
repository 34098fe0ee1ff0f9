"""Cleaning of text and keys from requests before they reach a query."""

from uuid import UUID

from tenants.text_cleaning import clean_line


def clean_text(text: str, *, max_length: int) -> str:
    """Return the text on one line, without what can't be seen, cut to `max_length` characters."""
    return clean_line(text)[:max_length]


def parse_uuid(text: str) -> UUID | None:
    """Return the UUID, or None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None
