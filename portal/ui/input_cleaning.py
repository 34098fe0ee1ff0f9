"""Cleaning of text and keys from requests before they reach a query."""

import re
import unicodedata
from uuid import UUID

from tenants.text_cleaning import JOINERS, clean_line, remove_invisible

JOINER = re.compile(f"[{JOINERS}]")


def clean_text(text: str, *, max_length: int) -> str:
    """Return the text on one line, without what can't be seen, cut to `max_length` characters."""
    return clean_line(text)[:max_length]


def normalise_text(text: str) -> str:
    """Return the text without invisible characters and the space around it, in NFKC."""
    return unicodedata.normalize("NFKC", JOINER.sub("", remove_invisible(text))).strip()


def parse_uuid(text: str) -> UUID | None:
    """Return the UUID, or None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None
