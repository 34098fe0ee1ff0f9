"""The values of custom fields, parsed from what was typed or is in the cell of a file."""

import re
from datetime import date

from portal.clients.models import CustomField, CustomFieldKind
from tenants.text_cleaning import clean_line

YES = {"yes", "y", "true", "1", "x", "✓", "ja", "j", "wahr"}
NO = {"no", "n", "false", "0", "nein", "falsch", "-"}
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T].*)?")
# 14/03/1985 or 3/14/1985: in most countries the day comes first.
SLASHED_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
MONTH_FIRST_COUNTRIES = frozenset({"US", "AS", "FM", "GU", "MH", "MP", "PH", "PR", "PW", "UM", "VI"})
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# A single point or comma before three digits is ambiguous; several of a kind separate thousands.
GERMAN_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?|-?\d+,\d+")
ENGLISH_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


class InvalidCustomValue(ValueError):
    """The text is no value of the field's kind."""


def parse_custom_value(field: CustomField, cell: str, *, country: str = "") -> str | int | float | bool:
    """Return a text, such as a cell of a file, as the value that `Client.custom` stores. Raises InvalidCustomValue.

    `country` says in which order a date with slashes has its day and month.
    """
    if field.kind == CustomFieldKind.NUMBER:
        return _parse_number(cell)
    if field.kind == CustomFieldKind.DATE:
        return _parse_date(cell, country)
    if field.kind == CustomFieldKind.YES_NO:
        return _parse_yes_no(cell)
    if field.kind == CustomFieldKind.CHOICE:
        return _parse_choice(field, cell)
    return clean_line(cell)


def _parse_number(cell: str) -> int | float:
    text = cell.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if GERMAN_NUMBER.fullmatch(text) and not ENGLISH_NUMBER.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif ENGLISH_NUMBER.fullmatch(text):
        text = text.replace(",", "")
    if not NUMBER.fullmatch(text) or len(text) > 30:
        raise InvalidCustomValue
    return float(text) if "." in text else int(text)


def _parse_date(cell: str, country: str) -> str:
    year, month, day = _split_date(cell, country)
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise InvalidCustomValue from None


def _split_date(cell: str, country: str) -> tuple[str, str, str]:
    """Return year, month and day as they stand in a date."""
    if iso := ISO_DATE.fullmatch(cell):
        return iso[1], iso[2], iso[3]
    if german := GERMAN_DATE.fullmatch(cell):
        return german[3], german[2], german[1]
    if slashed := SLASHED_DATE.fullmatch(cell):
        month, day = (1, 2) if country in MONTH_FIRST_COUNTRIES else (2, 1)
        return slashed[3], slashed[month], slashed[day]
    raise InvalidCustomValue


def _parse_yes_no(cell: str) -> bool:
    answer = cell.casefold()
    if answer not in YES | NO:
        raise InvalidCustomValue
    return answer in YES


def _parse_choice(field: CustomField, cell: str) -> str:
    chosen = clean_line(cell).casefold()
    for choice in field.choices:
        if str(choice).casefold() == chosen:
            return str(choice)
    raise InvalidCustomValue
