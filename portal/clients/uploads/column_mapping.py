"""Mapping of a list's columns to client fields, their targets.

Targets are guessed from headings, and from the content of columns without one. A column of addresses whose heading says
nothing that is known is left for staff to assign, as it may be about an emergency contact: whoever has an address on a
card can sign in as that client.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from portal.clients.identifiers import InvalidIdentifier, parse_phone
from portal.clients.models import CustomField
from portal.clients.uploads.address_cells import split_phone_cell
from portal.clients.uploads.address_labels import guess_label_target
from portal.clients.uploads.column_headings import (
    EMAIL,
    FIRST_NAME,
    LABEL_BEFORE,
    LABEL_NEXT,
    LANGUAGE,
    LAST_NAME,
    NAME,
    NOTE,
    PHONE,
    TAGS,
    guess_target,
    names_somebody_else,
    normalise_heading,
)
from portal.clients.uploads.file_rows import NumberedRow

CUSTOM_PREFIX = "custom:"
TARGETS = (NAME, FIRST_NAME, LAST_NAME, EMAIL, PHONE, LABEL_NEXT, LABEL_BEFORE, LANGUAGE, TAGS, NOTE)
# Several columns may have these targets; only one column may have any other.
REPEATABLE = (EMAIL, PHONE, LABEL_NEXT, LABEL_BEFORE, TAGS, NOTE)

_EMAIL = re.compile(r"\s*<?[^@\s]+@[^@\s]+\.[^@\s]{2,}>?\s*")
_PHONE = re.compile(r"\s*(?:\+|00|0|\()[\d\s()./\-]{6,}\s*")
_LANGUAGES = re.compile(r"(?:en|de)(?:[-_][a-z]{2})?|english|german|deutsch|englisch", re.IGNORECASE)
# The share of a column's cells that have to look like a target for it to be guessed.
MIN_SHARE = 0.6


class InvalidMapping(ValueError):
    """The targets don't make a client. The message is a key of error_texts.MAPPING_ERRORS."""


def has_headings(rows: Sequence[NumberedRow]) -> bool:
    """Return whether the first row is headings: it has neither an email address nor a phone number."""
    if not rows:
        return False
    first = rows[0][1]
    return not any(_EMAIL.fullmatch(cell) or _PHONE.fullmatch(cell) for cell in first)


def guess_targets(
    headings: Sequence[str], samples: Sequence[Sequence[str]], fields: Iterable[CustomField], *, country: str
) -> list[str]:
    """Return the guessed target of each column, empty if there is none; `country` is that of the phone numbers."""
    custom = {normalise_heading(field.name): f"{CUSTOM_PREFIX}{field.pk}" for field in fields}
    width = max([len(headings), *map(len, samples)], default=0)
    padded = [*headings, *[""] * (width - len(headings))]
    targets = [custom.get(normalise_heading(heading)) or guess_target(heading) for heading in padded]
    for index, target in enumerate(targets):
        if not target and not names_somebody_else(padded[index]):
            cells = [row[index] for row in samples if index < len(row)]
            targets[index] = _guess_by_content(cells, country, has_heading=bool(normalise_heading(padded[index])))
    labels = {index: guess_label_target(padded, targets, index) for index, target in enumerate(targets) if not target}
    targets = [labels.get(index) or target for index, target in enumerate(targets)]
    return _clear_repeated_targets(_resolve_name_columns(targets))


def validate_mapping(targets: Sequence[str]) -> None:
    """Raise InvalidMapping unless there are a name and an address, and only REPEATABLE targets repeat."""
    if not {NAME, FIRST_NAME, LAST_NAME} & set(targets):
        raise InvalidMapping("no-name-column")
    if not {EMAIL, PHONE} & set(targets):
        raise InvalidMapping("no-address-column")
    if any(targets.count(target) > 1 for target in set(targets) - {"", *REPEATABLE}):
        raise InvalidMapping("column-twice")


def _guess_by_content(cells: Sequence[str], country: str, *, has_heading: bool) -> str:
    """Guess a target from cells. They can't tell whose an address is, so under an unknown heading it stays open."""
    filled = [cell for cell in cells if cell.strip()]
    tests: dict[str, Callable[[str], object]] = {
        EMAIL: _EMAIL.fullmatch,
        PHONE: lambda cell: _is_phone_number(cell, country),
        LANGUAGE: _LANGUAGES.fullmatch,
    }
    for target in (LANGUAGE,) if has_heading else tests:
        if filled and sum(bool(tests[target](cell)) for cell in filled) >= MIN_SHARE * len(filled):
            return target
    return ""


def _is_phone_number(cell: str, country: str) -> bool:
    """Return whether a cell has numbers that exist, unlike dates and postal codes."""
    try:
        return bool(_PHONE.fullmatch(cell)) and all(
            parse_phone(number, country=country) for number in split_phone_cell(cell)
        )
    except InvalidIdentifier:
        return False


def _resolve_name_columns(targets: list[str]) -> list[str]:
    """Make “Name” the last name where there is a “Vorname”, as in German lists."""
    if FIRST_NAME in targets and LAST_NAME not in targets:
        return [LAST_NAME if target == NAME else target for target in targets]
    # With both a first and a last name, another column such as “Company” is not the name.
    return ["" if target == NAME and FIRST_NAME in targets else target for target in targets]


def _clear_repeated_targets(targets: list[str]) -> list[str]:
    """Clear a target that an earlier column has and that may not repeat."""
    return [
        "" if target not in REPEATABLE and target and target in targets[:index] else target
        for index, target in enumerate(targets)
    ]
