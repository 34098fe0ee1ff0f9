"""What does each column of a list hold? Guessed from its heading in English or German, else from what is in it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from portal.clients.models import CustomField
from portal.clients.uploads.tables import Row

NAME, FIRST, LAST = "name", "first-name", "last-name"
EMAIL, PHONE = "email", "phone"
LANGUAGE, TAGS, NOTE = "language", "tags", "note"
CUSTOM = "custom:"
WORDS = (NAME, FIRST, LAST, EMAIL, PHONE, LANGUAGE, TAGS, NOTE)
# These may stand over several columns; all others over one.
MANY = (EMAIL, PHONE, TAGS, NOTE)

# Headings as `plain` spells them, without numbers: “E-Mail 2” is `email`.
HEADINGS = {
    NAME: "name fullname displayname client clientname customer customername contact contactname person kunde kundenname "
    "kundin klient klientname patient patientname mandant ansprechpartner vollstandigername vorundnachname "
    "vornamenachname nachnamevorname firma company",
    FIRST: "firstname first forename givenname vorname rufname",
    LAST: "lastname last surname familyname nachname familienname zuname",
    EMAIL: "email emailaddress mail mailaddress emails mailadresse emailadresse emailprivate emailprivat emailwork "
    "emailgeschaftlich elektronischepost workemail homeemail privateemail",
    PHONE: "phone phonenumber phones telephone tel mobile mobilephone mobilenumber mobileno cell cellphone telefon telefonnummer "
    "telefonnr telnr telefone mobil mobiltelefon mobilnummer mobilnr handy handynummer handynr rufnummer festnetz "
    "workphone homephone phonework phonehome telefonprivat telefongeschaftlich phonemobile landline",
    LANGUAGE: "language lang locale sprache spracheinstellung korrespondenzsprache",
    TAGS: "tag tags label labels group groups category categories keywords gruppe gruppen kategorie kategorien "
    "schlagwort schlagworter schlagworte merkmal merkmale etikett etiketten",
    NOTE: "note notes comment comments remark remarks memo notiz notizen bemerkung bemerkungen kommentar kommentare "
    "anmerkung anmerkungen hinweis hinweise",
}
_WORD_OF = {heading: word for word, headings in HEADINGS.items() for heading in headings.split()}
_EMAIL = re.compile(r"\s*<?[^@\s]+@[^@\s]+\.[^@\s]{2,}>?\s*")
_PHONE = re.compile(r"\s*(?:\+|00|0|\()[\d\s()./\-]{6,}\s*")
_LANGUAGES = re.compile(r"(?:en|de)(?:[-_][a-z]{2})?|english|german|deutsch|englisch", re.IGNORECASE)
# So much of a column has to look alike for its content to speak for it.
MOST = 0.6


class NotEnough(ValueError):
    """The columns don't suffice to make clients of the rows; the message is a word from uploads.wording."""


def has_headings(rows: Sequence[Row]) -> bool:
    """Tell whether the first row names the columns rather than being a client itself."""
    if not rows:
        return False
    first = rows[0][1]
    return not any(_EMAIL.fullmatch(cell) or _PHONE.fullmatch(cell) for cell in first)


def guess(headings: Sequence[str], samples: Sequence[Sequence[str]], fields: Iterable[CustomField]) -> list[str]:
    """Return for each column the word for what it holds, empty where nobody can tell."""
    own = {plain(field.name): f"{CUSTOM}{field.pk}" for field in fields}
    width = max([len(headings), *map(len, samples)], default=0)
    words = [_by_heading(headings[index] if index < len(headings) else "", own) for index in range(width)]
    for index, word in enumerate(words):
        if not word:
            words[index] = _by_content([cells[index] for cells in samples if index < len(cells)])
    return _once(_split_names(words))


def check(words: Sequence[str]) -> None:
    """Raise NotEnough unless the columns hold names and addresses, each only as often as it may."""
    if not {NAME, FIRST, LAST} & set(words):
        raise NotEnough("no-name-column")
    if not {EMAIL, PHONE} & set(words):
        raise NotEnough("no-address-column")
    if any(words.count(word) > 1 for word in set(words) - {"", *MANY}):
        raise NotEnough("column-twice")


def plain(heading: str) -> str:
    """Return a heading as headings are compared: letters only, in lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(sign for sign in decomposed if sign.isalpha() and not unicodedata.combining(sign))


def _by_heading(heading: str, own: dict[str, str]) -> str:
    name = plain(heading)
    return own.get(name) or _WORD_OF.get(name) or _WORD_OF.get(re.sub("ae|oe|ue", _short, name), "")


def _short(match: re.Match) -> str:
    """Return the letter that somebody without an umlaut wrote as two."""
    return match[0][0]


def _by_content(cells: Sequence[str]) -> str:
    filled = [cell for cell in cells if cell.strip()]
    looks: dict[str, Callable] = {EMAIL: _EMAIL.fullmatch, PHONE: _PHONE.fullmatch, LANGUAGE: _LANGUAGES.fullmatch}
    for word, looks_like in looks.items():
        if filled and sum(bool(looks_like(cell)) for cell in filled) >= MOST * len(filled):
            return word
    return ""


def _split_names(words: list[str]) -> list[str]:
    """Read “Name” beside “Vorname” as the last name, which is how German lists mean it."""
    if FIRST in words and LAST not in words:
        return [LAST if word == NAME else word for word in words]
    # Where both halves are there, a company or contact beside them is not the name.
    return ["" if word == NAME and FIRST in words else word for word in words]


def _once(words: list[str]) -> list[str]:
    """Take away what a column can't mean because an earlier one means it."""
    return ["" if word not in MANY and word and word in words[:index] else word for index, word in enumerate(words)]
