"""What does one row say? Its cells in normal form, or why they can't be taken.

A row is taken whole or not at all: half a client, without the number that was mistyped, would
look complete and never be mended.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from portal.clients import identifiers
from portal.clients.identifiers import InvalidIdentifier
from portal.clients.models import CustomField
from portal.clients.uploads import columns, phones
from portal.clients.uploads.answers import NotAnAnswer, answer
from portal.clients.uploads.tables import LONGEST_CELL

LONGEST_NAME, LONGEST_TAG = 160, 40
NAMES = columns.NAME, columns.FIRST, columns.LAST
BETWEEN = re.compile(r"[,;|\n]")
BETWEEN_PHONES = re.compile(r"[,;|\n]|\s/\s")
SPOKEN = {"english": "en", "englisch": "en", "eng": "en", "german": "de", "deutsch": "de", "ger": "de", "deu": "de"}
# Lower-case addresses that validate_email would take too; all others it is asked about.
SURELY_EMAIL = re.compile(r"[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.)+[a-z]{2,12}")
BRACKETED = re.compile(r".*<([^<>\s]+@[^<>\s]+)>\s*")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


class Unfit(ValueError):
    """The row can't be taken: the reason is a word from uploads.wording, `about` what it is about."""

    def __init__(self, reason: str, about: str = ""):
        super().__init__(reason)
        self.reason, self.about = reason, about


@dataclass(slots=True)
class Reading:
    """What a row says of one client."""

    name: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    language: str = ""
    tags: list[str] = field(default_factory=list)
    note: str = ""
    custom: dict[str, Any] = field(default_factory=dict)


class Reader:
    """Reads rows by the words over their columns, for a business in one country."""

    def __init__(self, words: Sequence[str], fields: Sequence[CustomField], *, country: str):
        self._width, self._country = len(words), country
        self._places = {word: [index for index, one in enumerate(words) if one == word] for word in words}
        self._names = [place for word in NAMES for place in self._places.get(word, ())]
        self._fields = [(f"{columns.CUSTOM}{one.pk}", one) for one in fields if f"{columns.CUSTOM}{one.pk}" in words]
        self._languages = {code: code for code, _name in settings.LANGUAGES}

    def read(self, cells: list[str]) -> Reading:
        """Return what a row says. Raises Unfit."""
        _refuse_unreadable(cells, self._width)
        cells = self._even(cells)
        reading = Reading(
            self._name(cells),
            self._each(cells, columns.EMAIL, BETWEEN, self._email),
            self._each(cells, columns.PHONE, BETWEEN_PHONES, self._phone),
            self._language(cells),
            self._each(cells, columns.TAGS, BETWEEN, _tag),
            "\n".join(self._cells(cells, columns.NOTE)),
            self._custom(cells) if self._fields else {},
        )
        if not reading.emails and not reading.phones:
            raise Unfit("no-address")
        return reading

    def name_in(self, cells: list[str]) -> str:
        """Return the name of whoever a row that can't be taken is about, nothing where that can't be read either."""
        try:
            return CONTROLS.sub("", self._name(self._even(cells)))
        except Unfit:
            return ""

    def _even(self, cells: list[str]) -> list[str]:
        """Return at least as many cells as there are columns, without the space around them."""
        bare = [cell.strip() for cell in cells]
        return bare if len(bare) >= self._width else bare + [""] * (self._width - len(bare))

    def _cells(self, cells: list[str], word: str) -> list[str]:
        return [cells[place] for place in self._places.get(word, ()) if cells[place]]

    def _name(self, cells: list[str]) -> str:
        name = " ".join([cells[place] for place in self._names if cells[place]])
        # Most names are fine as they are, and finding that out costs less than setting them right.
        if "  " in name or not name.isprintable():
            name = " ".join(name.split())
            name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
        if len(name) > LONGEST_NAME:
            raise Unfit("name-too-long", name[:LONGEST_NAME])
        return name

    def _each(self, cells: list[str], word: str, between: re.Pattern, read: Callable[[str], str]) -> list[str]:
        """Read every value in a word's columns, each once."""
        found: dict[str, None] = {}
        for cell in self._cells(cells, word):
            if not between.search(cell):
                found[read(cell)] = None
                continue
            for part in between.split(cell):
                if part := part.strip():
                    found[read(part)] = None
        return list(found)

    def _email(self, typed: str) -> str:
        value = typed.lower()
        if SURELY_EMAIL.fullmatch(value) and len(value) <= 64:
            return value
        if bracketed := BRACKETED.fullmatch(typed):
            typed = bracketed[1]
        try:
            return identifiers.parse_email(typed.removeprefix("mailto:")).value
        except InvalidIdentifier:
            raise Unfit("bad-email", typed) from None

    def _phone(self, typed: str) -> str:
        try:
            return phones.e164(typed.removeprefix("tel:"), country=self._country)
        except InvalidIdentifier:
            raise Unfit("bad-phone", typed) from None

    def _language(self, cells: list[str]) -> str:
        for cell in self._cells(cells, columns.LANGUAGE):
            word = cell.lower()
            code = self._languages.get(SPOKEN.get(word, word)) or self._languages.get(re.split("[-_]", word)[0])
            if not code:
                raise Unfit("bad-language", cell)
            return code
        return ""

    def _custom(self, cells: list[str]) -> dict[str, Any]:
        values = {}
        for word, one in self._fields:
            for cell in self._cells(cells, word):
                try:
                    values[str(one.pk)] = answer(one, cell)
                except NotAnAnswer:
                    raise Unfit("bad-value", f"{one.name}: {cell}") from None
        return values


def _refuse_unreadable(cells: list[str], width: int) -> None:
    if len(cells) > width:
        raise Unfit("too-many-cells")
    whole = " ".join(cells)
    # What can be printed has no control signs, and is told much quicker.
    if len(whole) > LONGEST_CELL or ((not whole.isprintable() or "\ufffd" in whole) and CONTROLS.search(whole)):
        raise Unfit("unreadable")


def _tag(typed: str) -> str:
    if len(typed) > LONGEST_TAG:
        raise Unfit("tag-too-long", typed)
    return " ".join(typed.split())
