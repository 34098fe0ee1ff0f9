"""Parsing of a row's cells into normalised client data.

A row with one invalid value is refused as a whole: a client without the mistyped number would
look complete and never be corrected.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from portal.clients import identifiers
from portal.clients.custom_values import InvalidCustomValue, parse_custom_value
from portal.clients.identifiers import InvalidIdentifier
from portal.clients.models import MAX_TAG_LENGTH, CustomField
from portal.clients.uploads import address_cells, address_labels, column_mapping, phone_numbers
from portal.clients.uploads.column_headings import names_somebody_else
from portal.clients.uploads.file_rows import MAX_CELL_LENGTH
from portal.ui.phone_numbers import is_shortened_number
from tenants.text_cleaning import clean_line, clean_lines

MAX_NAME_LENGTH = 160
NAMES = column_mapping.NAME, column_mapping.FIRST_NAME, column_mapping.LAST_NAME
LANGUAGE_NAMES = {
    "english": "en",
    "englisch": "en",
    "eng": "en",
    "german": "de",
    "deutsch": "de",
    "ger": "de",
    "deu": "de",
}
# Lower-case addresses that validate_email accepts for certain; it checks all others.
SIMPLE_EMAIL = re.compile(r"[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.)+[a-z]{2,12}")
# What Google's own groups begin with: “* myContacts” says nothing of a client.
SYSTEM_GROUP = "* "
# Signs of a wrong encoding. Vertical tabs and separators are line breaks of other programs.
CONTROL_CHARS = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufffd]")


class InvalidRow(ValueError):
    """The row can't be imported. `reason` is a key of error_texts.ROW_ERRORS, `detail` the offending value."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(reason)
        self.reason, self.detail = reason, detail


@dataclass(slots=True)
class ParsedRow:
    """The client data of one row, normalised."""

    name: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    language: str = ""
    tags: list[str] = field(default_factory=list)
    note: str = ""
    custom: dict[str, Any] = field(default_factory=dict)


class RowParser:
    """Parses rows by the targets of their columns; `country` is that of numbers without a prefix."""

    def __init__(self, targets: Sequence[str], fields: Sequence[CustomField], *, country: str):
        self._width, self._country = len(targets), country
        self._indexes = {
            target: [index for index, other in enumerate(targets) if other == target] for target in targets
        }
        self._labels = address_labels.find_label_columns(targets)
        self._names = [index for target in NAMES for index in self._indexes.get(target, ())]
        self._fields = [
            (f"{column_mapping.CUSTOM_PREFIX}{field.pk}", field)
            for field in fields
            if f"{column_mapping.CUSTOM_PREFIX}{field.pk}" in targets
        ]
        self._languages = {code: code for code, _name in settings.LANGUAGES}

    def parse_row(self, cells: list[str]) -> ParsedRow:
        """Parse the cells of a row. Raises InvalidRow."""
        _reject_unreadable_row(cells, self._width)
        cells = self._strip_and_pad_cells(cells)
        parsed = ParsedRow(
            self._parse_name(cells),
            self._parse_values(cells, column_mapping.EMAIL, address_cells.split_email_cell, self._parse_email),
            self._parse_values(cells, column_mapping.PHONE, address_cells.split_phone_cell, self._parse_phone),
            self._parse_language(cells),
            self._parse_values(cells, column_mapping.TAGS, address_cells.split_cell, _parse_tag),
            clean_lines("\n".join(self._list_filled_cells(cells, column_mapping.NOTE))),
            self._parse_custom_values(cells) if self._fields else {},
        )
        if not parsed.emails and not parsed.phones:
            raise InvalidRow("no-address")
        return parsed

    def parse_name_or_blank(self, cells: list[str]) -> str:
        """Return the name in an invalid row, empty if it is invalid itself."""
        try:
            return CONTROL_CHARS.sub("", self._parse_name(self._strip_and_pad_cells(cells)))
        except InvalidRow:
            return ""

    def _strip_and_pad_cells(self, cells: list[str]) -> list[str]:
        """Return the stripped cells, with empty ones added up to the number of columns."""
        bare = [cell.strip() for cell in cells]
        return bare if len(bare) >= self._width else bare + [""] * (self._width - len(bare))

    def _list_filled_cells(self, cells: list[str], target: str) -> list[str]:
        return [cells[index] for index in self._indexes.get(target, ()) if cells[index]]

    def _parse_name(self, cells: list[str]) -> str:
        name = " ".join([cells[index] for index in self._names if cells[index]])
        name = clean_line(name)
        if len(name) > MAX_NAME_LENGTH:
            raise InvalidRow("name-too-long", name[:MAX_NAME_LENGTH])
        return name

    def _parse_values(
        self, cells: list[str], target: str, split: Callable[[str], list[str]], parse: Callable[[str], str]
    ) -> list[str]:
        """Parse every value in a target's columns, without duplicates and placeholders."""
        filled = [
            cells[index] for index in self._indexes.get(target, ()) if cells[index] and self._is_own(cells, index)
        ]
        found = {parse(value): None for cell in filled for value in split(cell)}
        found.pop("", None)
        return list(found)

    def _is_own(self, cells: list[str], index: int) -> bool:
        """Tell whether a cell has no label, or one of the client's own. Raises InvalidRow if the label says neither."""
        label = cells[self._labels[index]] if index in self._labels else ""
        if names_somebody_else(label):
            return False
        if not address_labels.is_own_label(label):
            raise InvalidRow("unknown-label", label)
        return True

    def _parse_email(self, text: str) -> str:
        value = text.lower()
        if SIMPLE_EMAIL.fullmatch(value) and len(value) <= 64:
            return value
        if identifiers.is_placeholder(text):
            return ""
        try:
            return identifiers.parse_email(text).value
        except InvalidIdentifier:
            raise InvalidRow("bad-email", text) from None

    def _parse_phone(self, text: str) -> str:
        try:
            return phone_numbers.to_e164(text, country=self._country)
        except InvalidIdentifier:
            if identifiers.is_placeholder(text):
                return ""
            raise InvalidRow("shortened-phone" if is_shortened_number(text) else "bad-phone", text) from None

    def _parse_language(self, cells: list[str]) -> str:
        for cell in self._list_filled_cells(cells, column_mapping.LANGUAGE):
            if identifiers.is_placeholder(cell):
                continue
            name = cell.lower()
            code = self._languages.get(LANGUAGE_NAMES.get(name, name)) or self._languages.get(re.split("[-_]", name)[0])
            if not code:
                raise InvalidRow("bad-language", cell)
            return code
        return ""

    def _parse_custom_values(self, cells: list[str]) -> dict[str, Any]:
        values = {}
        for target, custom_field in self._fields:
            for cell in self._list_filled_cells(cells, target):
                try:
                    values[str(custom_field.pk)] = parse_custom_value(custom_field, cell, country=self._country)
                except InvalidCustomValue:
                    if identifiers.is_placeholder(cell):
                        continue
                    raise InvalidRow("bad-value", f"{custom_field.name}: {cell}") from None
        return values


def _reject_unreadable_row(cells: list[str], width: int) -> None:
    if len(cells) > width:
        raise InvalidRow("too-many-cells")
    whole = " ".join(cells)
    # isprintable() is much faster than the pattern and rules out control characters.
    if len(whole) > MAX_CELL_LENGTH or ((not whole.isprintable() or "\ufffd" in whole) and CONTROL_CHARS.search(whole)):
        raise InvalidRow("unreadable")


def _parse_tag(text: str) -> str:
    tag = clean_line(text)
    if tag.startswith(SYSTEM_GROUP):
        return ""
    if len(tag) > MAX_TAG_LENGTH:
        raise InvalidRow("tag-too-long", tag)
    return tag
