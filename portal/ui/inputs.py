"""What did somebody type into a search box or an address, once what no row can hold is gone?"""

from uuid import UUID


def clean_text(text: str, *, max_length: int) -> str:
    """Return what was typed on one line, without what PostgreSQL can't store, cut to `max_length` letters."""
    return " ".join(text.replace("\0", "").split())[:max_length]


def parse_uuid(text: str) -> UUID | None:
    """Return the key of a row, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
