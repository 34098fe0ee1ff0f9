"""Folding of names for comparisons: what the same name may have or lack goes, what makes another name stays.

Accents of Latin and Greek letters are left out as often as not, and so are the vowel signs of Arabic and Hebrew. The
vowel signs of Indic scripts, the tones of Thai or the voicing marks of kana make other words.
"""

import re
import unicodedata

from portal.ui.text_folding import LETTER_REPLACEMENTS, MAX_CACHED_CHARS
from tenants.text_cleaning import is_unseen

# Accents, the signs of Hebrew, Arabic and Syriac, and the stroke that stretches Arabic words.
OPTIONAL_MARK = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff"
    "\u0711\u0730-\u074a]"
)
# Latin and Greek letters, Cyrillic ё and stressed vowels, and alef with hamza or madda. й and ї are other letters.
ACCENTED_LETTER = re.compile("[\u00df-\u02af\u0370-\u03ff\u0450\u0451\u045d\u0622\u0623\u0625\u1e00-\u1fff]")
ALEF_WASLA, ALEF = "\u0671", "\u0627"


class _NameFoldTable(dict[int, str]):
    """Maps each character to how it is compared, computed on first use; a few alphabets are cached."""

    def __missing__(self, char: int) -> str:
        folded = _fold_char(chr(char))
        if len(self) < MAX_CACHED_CHARS:
            self[char] = folded
        return folded


def _fold_char(char: str) -> str:
    letters = unicodedata.normalize("NFKD", char) if ACCENTED_LETTER.match(char) else char
    return "".join(LETTER_REPLACEMENTS.get(one, one) for one in letters if not _is_optional(one))


def _is_optional(char: str) -> bool:
    """Return whether a name is the same without a character."""
    return bool(OPTIONAL_MARK.match(char)) or is_unseen(char)


NAME_FOLD_TABLE = _NameFoldTable({ord(ALEF_WASLA): ALEF})


def fold_name(name: str) -> str:
    """Return a name in lower case, without optional marks and with single spaces, for comparisons."""
    if name.isascii() and name.isprintable():
        return " ".join(name.lower().split())
    # Letters and marks are composed before and after: a change of case may take them apart.
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(composed.translate(NAME_FOLD_TABLE).split())


def list_name_words(text: str) -> list[str]:
    """Return the words of a text as names are compared; marks belong to their words."""
    return "".join(char if is_word_char(char) else " " for char in fold_name(text)).split()


def is_word_char(char: str) -> bool:
    """Return whether a character is a letter, a digit or a mark on one."""
    return char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")
