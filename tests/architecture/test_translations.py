"""Tests that every text of every page is translated.

The sentences are taken from the sources, not from a template file somebody has to
remember to refresh. What a test prints as missing can be pasted into the .po as it is.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import templatize

ROOT = Path(settings.BASE_DIR)
WORDS = ROOT / "portal/ui/locale"
PACKAGES = ("api", "config", "portal", "tenants", "workers")
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%s|%d|\{(\w*)\}")
MARKUP = re.compile(r"<[^>]+>")


def sentences() -> dict[tuple[str, str], str]:
    """Return (context, msgid) of everything that is said anywhere, and where it is said."""
    found: dict[tuple[str, str], str] = {}
    for path, code in _sources():
        for _line, function, arguments, _comments in extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {}):
            for key in _keys(function, arguments):
                found.setdefault(key, str(path.relative_to(ROOT)))
    return found


def _sources() -> Iterator[tuple[Path, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path, path.read_text()
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            yield path, _as_python(path)


def _as_python(path: Path) -> str:
    """Return the gettext calls a template makes, each on a line of its own."""
    calls = templatize(path.read_text(), origin=str(path))
    return "\n".join(line.strip() for line in re.findall(r"(?:_|\w*gettext)\(u?['\"].*?['\"]\)\s", calls, re.DOTALL))


def _keys(function: str, arguments: str | tuple) -> Iterator[tuple[str, str]]:
    parts = list(arguments) if isinstance(arguments, tuple) else [arguments]
    context = parts.pop(0) if "pgettext" in function else ""
    if parts and isinstance(parts[0], str):
        yield context, parts[0]


def catalog(language: str) -> dict[tuple[str, str], Message]:
    """Return the translations of one language by (context, msgid)."""
    with (WORDS / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        found = read_po(file, locale=language, abort_invalid=True)
    return {(message.context or "", _first(message.id)): message for message in found if message.id}


def _first(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _all(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_the_sources_are_found():
    assert len(sentences()) > 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_english(language):
    known = catalog(language)
    missing = [key for key in sentences() if key not in known]
    assert not missing, "\n\n".join(f'msgid "{msgid}"\nmsgstr ""' for _context, msgid in missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_or_a_guess(language):
    unsure = [message.id for message in catalog(language).values() if message.fuzzy or not all(_all(message.string))]
    assert not unsure


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_outlived_its_sentence(language):
    said = sentences()
    assert [key for key in catalog(language) if key not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_markup_survive_translation(language):
    broken = []
    for message in catalog(language).values():
        promised = set(PLACEHOLDER.findall("".join(_all(message.id))))
        for text in _all(message.string):
            strange = set(PLACEHOLDER.findall(text)) - promised
            lost = promised - set(PLACEHOLDER.findall(text)) if len(_all(message.string)) == 1 else set()
            if strange or lost or sorted(MARKUP.findall(text)) != sorted(MARKUP.findall(_first(message.id))):
                broken.append((message.id, text))
    assert broken == []
