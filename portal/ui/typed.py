"""What did somebody type into a search box or an address, once what no row can hold is gone?"""

from uuid import UUID


def words(typed: str, *, longest: int) -> str:
    """Return what was typed on one line, without what PostgreSQL can't store, cut to `longest` letters."""
    return " ".join(typed.replace("\0", "").split())[:longest]


def key(typed: str) -> UUID | None:
    """Return the key of a row, or None for what is none."""
    try:
        return UUID(typed)
    except ValueError:
        return None
