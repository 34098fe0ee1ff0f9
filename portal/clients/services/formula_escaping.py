"""What may stand in a cell of a spreadsheet so that opening it runs nothing?"""

import re

# A spreadsheet takes a cell that begins so for a formula, whatever file it comes in; an apostrophe could hide one.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "'")

# Where another separator is the custom, a cell is cut in two there, and the second half begins a cell of its own.
SPLIT_POINT = re.compile(r"([;\t])('*)(?=[=+\-@])")
ESCAPED_SPLIT_POINT = re.compile(r"([;\t])'('*)(?=[=+\-@])")


def escape_formula(text: str) -> str:
    """Return a text as a spreadsheet shows and doesn't run it: behind one apostrophe, which an upload takes off again."""
    return SPLIT_POINT.sub(r"\1'\2", f"'{text}" if text.startswith(FORMULA_PREFIXES) else text)


def unescape_formula(cell: str) -> str:
    """Return the text that `escape_formula` made a cell of."""
    return ESCAPED_SPLIT_POINT.sub(
        r"\1\2", cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_PREFIXES) else cell
    )
