"""Mapping of a list's columns to client fields, their targets.

Targets are guessed from headings in English or German, else from the content of a column.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from portal.clients.models import CustomField
from portal.clients.uploads.file_rows import NumberedRow

NAME, FIRST_NAME, LAST_NAME = "name", "first-name", "last-name"
EMAIL, PHONE = "email", "phone"
LANGUAGE, TAGS, NOTE = "language", "tags", "note"
CUSTOM_PREFIX = "custom:"
TARGETS = (NAME, FIRST_NAME, LAST_NAME, EMAIL, PHONE, LANGUAGE, TAGS, NOTE)
# Several columns may have these targets; only one column may have any other.
REPEATABLE = (EMAIL, PHONE, TAGS, NOTE)

# Headings as `normalise_heading` returns them: “E-Mail 2” is `email`.
HEADINGS = {
    NAME: "name fullname displayname client clientname customer customername contact contactname person kunde "
    "kundenname kundin klient klientname patient patientname mandant ansprechpartner vollstandigername vorundnachname "
    "vornamenachname nachnamevorname firma company",
    FIRST_NAME: "firstname first forename givenname vorname rufname",
    LAST_NAME: "lastname last surname familyname nachname familienname zuname",
    EMAIL: "email emailaddress mail mailaddress emails mailadresse emailadresse emailprivate emailprivat emailwork "
    "emailgeschaftlich elektronischepost workemail homeemail privateemail",
    PHONE: "phone phonenumber phones telephone tel mobile mobilephone mobilenumber mobileno cell cellphone telefon "
    "telefonnummer telefonnr telnr telefone mobil mobiltelefon mobilnummer mobilnr handy handynummer handynr rufnummer "
    "festnetz workphone homephone phonework phonehome telefonprivat telefongeschaftlich phonemobile landline",
    LANGUAGE: "language lang locale sprache spracheinstellung korrespondenzsprache",
    TAGS: "tag tags label labels group groups category categories keywords gruppe gruppen kategorie kategorien "
    "schlagwort schlagworter schlagworte merkmal merkmale etikett etiketten",
    NOTE: "note notes comment comments remark remarks memo notiz notizen bemerkung bemerkungen kommentar kommentare "
    "anmerkung anmerkungen hinweis hinweise",
}
_TARGET_OF = {heading: target for target, headings in HEADINGS.items() for heading in headings.split()}
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
    headings: Sequence[str], samples: Sequence[Sequence[str]], fields: Iterable[CustomField]
) -> list[str]:
    """Return the guessed target of each column, empty if there is none."""
    custom = {normalise_heading(field.name): f"{CUSTOM_PREFIX}{field.pk}" for field in fields}
    width = max([len(headings), *map(len, samples)], default=0)
    targets = [_guess_by_heading(headings[index] if index < len(headings) else "", custom) for index in range(width)]
    for index, target in enumerate(targets):
        if not target:
            targets[index] = _guess_by_content([cells[index] for cells in samples if index < len(cells)])
    return _clear_repeated_targets(_resolve_name_columns(targets))


def validate_mapping(targets: Sequence[str]) -> None:
    """Raise InvalidMapping unless there are a name and an address, and only REPEATABLE targets repeat."""
    if not {NAME, FIRST_NAME, LAST_NAME} & set(targets):
        raise InvalidMapping("no-name-column")
    if not {EMAIL, PHONE} & set(targets):
        raise InvalidMapping("no-address-column")
    if any(targets.count(target) > 1 for target in set(targets) - {"", *REPEATABLE}):
        raise InvalidMapping("column-twice")


def normalise_heading(heading: str) -> str:
    """Return a heading's letters in lower case, without accents, for comparisons."""
    decomposed = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(char for char in decomposed if char.isalpha() and not unicodedata.combining(char))


def _guess_by_heading(heading: str, custom: dict[str, str]) -> str:
    name = normalise_heading(heading)
    return custom.get(name) or _TARGET_OF.get(name) or _TARGET_OF.get(re.sub("ae|oe|ue", _fold_umlaut, name), "")


def _fold_umlaut(match: re.Match) -> str:
    """Return the first of two letters that replace an umlaut: “ae” for “ä”."""
    return match[0][0]


def _guess_by_content(cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if cell.strip()]
    patterns: dict[str, Callable] = {EMAIL: _EMAIL.fullmatch, PHONE: _PHONE.fullmatch, LANGUAGE: _LANGUAGES.fullmatch}
    for target, matches in patterns.items():
        if filled and sum(bool(matches(cell)) for cell in filled) >= MIN_SHARE * len(filled):
            return target
    return ""


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
