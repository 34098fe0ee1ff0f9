"""Does a text hold signs that nobody sees? They make one name look like another, or turn a line around."""

import unicodedata

JOINERS = "\u200c\u200d"  # Persian words and family emoji need them
LINES = "\n\r\t"
# Controls, marks of direction and width, halves of signs, breaks of line and paragraph.
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def is_visible(text: str) -> bool:
    """Tell whether a text of one line holds nothing that can't be seen."""
    return not any(_is_unseen(sign) for sign in text)


def only_visible(text: str) -> str:
    """Return a text of several lines without what can't be seen in it: people paste such signs without knowing."""
    return "".join(sign for sign in text if sign in LINES or not _is_unseen(sign))


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN and sign not in JOINERS
