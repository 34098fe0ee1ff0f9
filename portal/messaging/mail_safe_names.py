"""A filter for personal names in mails, where no escaping keeps a mail program from turning text into a link."""

import re
import unicodedata

from tenants.text_cleaning import JOINERS, clean_line

MAX_NAME_LENGTH = 40
# Words of letters, with the marks that names have between them; no digits, and no dot that could make a domain.
SAFE_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?(?: [^\W\d_]+(?:['’-][^\W\d_]+)*\.?){0,4}")


def filter_unsafe_name(name: str) -> str:
    """Return the name if it consists of nothing but words of letters, else an empty string."""
    name = clean_line(name)
    # Vowel signs, tone marks and joiners belong to the letters before them.
    letters = "".join(char for char in name if unicodedata.category(char) not in ("Mn", "Mc") and char not in JOINERS)
    return name if len(name) <= MAX_NAME_LENGTH and SAFE_NAME.fullmatch(letters) else ""
