"""Tests that every text is translated, in the catalogue of an app that uses it.

The texts are taken from the sources, not from a template file somebody has to remember to refresh. What a test
prints as missing can be pasted into a catalogue as it is.
"""

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from tests.architecture.translatable_texts import PACKAGES, ROOT, SHARED, Text, get_app_of_path, map_apps_by_text

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%s|%d|\{(\w*)\}")
NUMBER = re.compile(r"\d[\d.,]*\d|\d")
MARKUP = re.compile(r"<[^>]+>")

pytestmark = pytest.mark.parametrize("language", LANGUAGES)


def list_catalogues(language: str) -> list[Path]:
    """Return the paths of a language's catalogues."""
    paths = [Path(folder) / language / "LC_MESSAGES" / "django.po" for folder in settings.LOCALE_PATHS]
    return [path for path in paths if path.exists()]


@cache
def read_translations(language: str) -> list[tuple[str, Text, Message]]:
    """Return a language's translations in the order of the files: app, text and message."""
    found = []
    for path in list_catalogues(language):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        found += [
            (get_app_of_path(path), (entry.context or "", _get_singular(entry.id)), entry)
            for entry in catalogue
            if entry.id
        ]
    return found


def _get_singular(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _list_plural_forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_sources_and_catalogues_are_found(language):
    assert len(map_apps_by_text()) > 1000
    found = {path for package in PACKAGES for path in (ROOT / package).rglob(f"{language}/LC_MESSAGES/*.po")}
    assert found == set(list_catalogues(language))


def test_every_text_is_translated(language):
    known = {text for _app, text, _message in read_translations(language)}
    missing = {text: users for text, users in map_apps_by_text().items() if text not in known}
    assert not missing, "\n\n".join(
        f'# {", ".join(sorted(users))}\nmsgid "{msgid}"\nmsgstr ""' for (_context, msgid), users in missing.items()
    )


def test_no_translation_is_empty_or_fuzzy(language):
    unsure = [
        text
        for _app, text, entry in read_translations(language)
        if entry.fuzzy or not all(_list_plural_forms(entry.string))
    ]
    assert not unsure


def test_every_text_is_in_one_catalogue_only(language):
    counts = Counter(text for _app, text, _message in read_translations(language))
    assert [text for text, count in counts.items() if count > 1] == []


def test_every_text_is_in_the_catalogue_of_an_app_that_uses_it(language):
    """What several apps use may also stand with the interface that they share."""
    used = map_apps_by_text()
    strayed = {
        text: f"stands in {app}, used by {', '.join(sorted(used.get(text, ()))) or 'none'}"
        for app, text, _message in read_translations(language)
        if app not in used.get(text, ()) and not (app == SHARED and len(used.get(text, ())) > 1)
    }
    assert strayed == {}


def test_our_translations_take_precedence_over_those_of_other_packages(language):
    with translation.override(language):
        shadowed = [
            text
            for _app, text, entry in read_translations(language)
            if isinstance(entry.id, str) and _translate(*text) != entry.string
        ]
    assert shadowed == []


def _translate(context: str, msgid: str) -> str:
    return translation.pgettext(context, msgid) if context else translation.gettext(msgid)


def test_catalogues_are_sorted(language):
    """Two branches that add texts then rarely change the same lines."""
    places = [(app, msgid, context) for app, (context, msgid), _message in read_translations(language)]
    misplaced = [place for before, place in pairwise(places) if before[0] == place[0] and place < before]
    assert misplaced == []


def test_catalogues_refer_to_no_files(language):
    """A reference would name a file that has since moved."""
    assert [path for path in list_catalogues(language) if "\n#: " in path.read_text()] == []


def test_placeholders_and_markup_survive_translation(language):
    broken = []
    for _app, _text, entry in read_translations(language):
        promised = set(PLACEHOLDER.findall("".join(_list_plural_forms(entry.id))))
        for text in _list_plural_forms(entry.string):
            strange = set(PLACEHOLDER.findall(text)) - promised
            lost = promised - set(PLACEHOLDER.findall(text)) if len(_list_plural_forms(entry.string)) == 1 else set()
            if strange or lost or sorted(MARKUP.findall(text)) != sorted(MARKUP.findall(_get_singular(entry.id))):
                broken.append((entry.id, text))
    assert broken == []


def test_translations_name_the_numbers_of_the_text(language):
    """A limit that only one language was told of is wrong in the other."""
    differing = [
        (msgid, text)
        for _app, (_context, msgid), entry in read_translations(language)
        for text in _list_plural_forms(entry.string)
        if not _find_numbers(text) <= _find_numbers(" ".join(_list_plural_forms(entry.id)))
    ]
    assert differing == []


def _find_numbers(text: str) -> set[str]:
    return {re.sub(r"[.,]", "", number) for number in NUMBER.findall(PLACEHOLDER.sub("", text))}
