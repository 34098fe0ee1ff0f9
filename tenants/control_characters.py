"""Finds and removes control and other invisible characters, which can disguise a name or reverse a line."""

import unicodedata

ALLOWED_JOINERS = "\u200c\u200d"  # Persian words and family emoji need these
LINE_CHARACTERS = "\n\r\t"
# Unicode categories: control, format, surrogate, line separator, paragraph separator.
CONTROL_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def has_control_characters(text: str) -> bool:
    """Return whether a text of one line has invisible characters."""
    return any(_is_control_character(character) for character in text)


def strip_control_characters(text: str) -> str:
    """Return a text of several lines without its invisible characters, which people paste without knowing."""
    return "".join(
        character for character in text if character in LINE_CHARACTERS or not _is_control_character(character)
    )


def _is_control_character(character: str) -> bool:
    return unicodedata.category(character) in CONTROL_CATEGORIES and character not in ALLOWED_JOINERS
