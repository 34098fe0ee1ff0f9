"""Escaping of cells that a spreadsheet would run as a formula."""

import re

# A spreadsheet takes a cell that starts with one of these for a formula; an apostrophe could hide one.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "'")

# A spreadsheet that expects another separator splits a cell here, and the second half becomes a cell of its own.
SPLIT_POINT = re.compile(r"([;\t])('*)(?=[=+\-@])")
ESCAPED_SPLIT_POINT = re.compile(r"([;\t])'('*)(?=[=+\-@])")


def escape_formula(text: str) -> str:
    """Return a text so that a spreadsheet shows it and doesn't run it: with an apostrophe before each formula."""
    return SPLIT_POINT.sub(r"\1'\2", f"'{text}" if text.startswith(FORMULA_PREFIXES) else text)


def unescape_formula(cell: str) -> str:
    """Return the text from which `escape_formula` made this cell."""
    return ESCAPED_SPLIT_POINT.sub(
        r"\1\2", cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_PREFIXES) else cell
    )
