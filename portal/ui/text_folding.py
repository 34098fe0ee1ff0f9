"""Folding of texts for comparisons: lower case, without accents and with single spaces."""

import unicodedata

from tenants.text_cleaning import is_unseen

# Letters that don't decompose into a base letter and an accent; case folding handles ß.
LETTER_REPLACEMENTS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
MAX_CACHED_CHARS = 5_000


class _FoldTable(dict[int, str]):
    """Maps each character to itself without accents, computed on first use; a few alphabets are cached."""

    def __missing__(self, char: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(char))
        folded = "".join(LETTER_REPLACEMENTS.get(one, one) for one in decomposed if not _is_mark(one))
        if len(self) < MAX_CACHED_CHARS:
            self[char] = folded
        return folded


def _is_mark(char: str) -> bool:
    """Return whether a character is an accent, or one of those that only shape the letters beside them."""
    return bool(unicodedata.combining(char)) or is_unseen(char)


FOLD_TABLE = _FoldTable()


def fold_text(text: str) -> str:
    """Return a text in lower case, without accents and with single spaces, for comparisons."""
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    return " ".join(text.casefold().translate(FOLD_TABLE).split())
