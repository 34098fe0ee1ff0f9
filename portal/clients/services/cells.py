"""What may stand in a cell of a spreadsheet so that opening it runs nothing?"""

import re

# A spreadsheet takes a cell that begins so for a formula, whatever file it comes in; an apostrophe could hide one.
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "'")

# Where another separator is the custom, a cell is cut in two there, and the second half begins a cell of its own.
SPLIT = re.compile(r"([;\t])('*)(?=[=+\-@])")
GUARDED = re.compile(r"([;\t])'('*)(?=[=+\-@])")


def inert(text: str) -> str:
    """Return a text as a spreadsheet shows and doesn't run it: behind one apostrophe, which an upload takes off again."""
    return SPLIT.sub(r"\1'\2", f"'{text}" if text.startswith(ACTIVE) else text)


def restored(cell: str) -> str:
    """Return the text that `inert` made a cell of."""
    return GUARDED.sub(r"\1\2", cell[1:] if cell.startswith("'") and cell[1:].startswith(ACTIVE) else cell)
