"""Splitting of cells with several email addresses or phone numbers."""

import re

from portal.ui.phone_numbers import is_area_and_number

VALUE_SEPARATOR = re.compile(r"[,;|\n\x0b\x1d]|:::")
# A comma also stands for the point of a number that a spreadsheet has shortened.
PHONE_SEPARATOR = re.compile(
    r"[;|\n\x0b\x1d]|:::|,(?!\d+E\+?\d)|\s/\s|/(?=\s?(?:\+|0)[\d ()-]{6})|\s(?:or|and|oder|und|ou|et|o|y|e|&)\s",
    re.IGNORECASE,
)
# What stands before an address in angle brackets: a name in quotes, or one that may have a comma if it comes first.
NAMED_EMAIL = re.compile(r'(?:"[^"<>]*"\s*|(?<![^;|\n])[^<>@";|\n]*|(?<![^,;|\n])[^<>@",;|\n]*)<([^<>\s]+@[^<>\s]+)>')


def split_email_cell(cell: str) -> list[str]:
    """Return the addresses in a cell, without the names beside them."""
    if "<" in cell:
        cell = NAMED_EMAIL.sub(r";\1;", cell)
    return _split(VALUE_SEPARATOR, cell)


def split_phone_cell(cell: str) -> list[str]:
    """Return the numbers in a cell, as they are written."""
    return [cell] if is_area_and_number(cell) else _split(PHONE_SEPARATOR, cell)


def split_cell(cell: str) -> list[str]:
    """Return the values in a cell."""
    return _split(VALUE_SEPARATOR, cell)


def _split(separator: re.Pattern[str], cell: str) -> list[str]:
    if not separator.search(cell):
        return [cell]
    return [part for part in map(str.strip, separator.split(cell)) if part]
