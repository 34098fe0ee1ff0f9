"""Reading of codes as people type them, and as they copy them from a message."""

import re
import unicodedata
from collections.abc import Collection

from tenants.text_cleaning import clean_line, to_ascii_digits, to_ascii_hyphens

# Digits with single spaces or hyphens between them. Beside a letter they are no code: “O” stands for a zero there.
DIGIT_RUN = re.compile(r"(?<![^\W_])\d(?:[ -]?\d)*(?![^\W_])", re.ASCII)


def read_code(text: str, *, lengths: Collection[int]) -> str:
    """Return the digits of the one code in a text, which may be a sentence in any script, else an empty string."""
    plain = to_ascii_digits(unicodedata.normalize("NFKC", clean_line(text)))
    runs = [re.sub("[ -]", "", run) for run in DIGIT_RUN.findall(to_ascii_hyphens(plain))]
    codes = [run for run in runs if len(run) in lengths]
    return codes[0] if len(codes) == 1 else ""
