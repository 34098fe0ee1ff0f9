"""Does a text hold signs that nobody sees? They make one name look like another, or turn a line around."""

import unicodedata

ALLOWED_JOINERS = "\u200c\u200d"  # Persian words and family emoji need them
LINE_CHARACTERS = "\n\r\t"
# Controls, marks of direction and width, halves of signs, breaks of line and paragraph.
CONTROL_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def has_control_characters(text: str) -> bool:
    """Tell whether a text of one line holds nothing that can't be seen."""
    return any(_is_control_character(character) for character in text)


def strip_control_characters(text: str) -> str:
    """Return a text of several lines without what can't be seen in it: people paste such signs without knowing."""
    return "".join(
        character for character in text if character in LINE_CHARACTERS or not _is_control_character(character)
    )


def _is_control_character(character: str) -> bool:
    return unicodedata.category(character) in CONTROL_CATEGORIES and character not in ALLOWED_JOINERS
