"""What may stand in a cell of a spreadsheet so that opening it runs nothing?"""

# A spreadsheet takes a cell that begins so for a formula, whatever file it comes in; an apostrophe could hide one.
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "'")


def inert(text: str) -> str:
    """Return a text as a spreadsheet shows and doesn't run it: behind one apostrophe, which an upload takes off again."""
    return f"'{text}" if text.startswith(ACTIVE) else text
