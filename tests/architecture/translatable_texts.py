"""Finds every text that the sources say, and the apps that use it."""

import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation import templatize

from tenants.nouns import registry

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
# The app of what all pages share.
SHARED = "portal.ui"
PACKAGES = ("api", "config", "portal", "tenants", "workers")
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

TEMPLATE_CALL = re.compile(r"""(?:_|\w*gettext)\((?:u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*"|,\s*|count)+\)""")

# A text is identified by its context, which is mostly empty, and its English.
Text = tuple[str, str]


@cache
def map_apps_by_text() -> dict[Text, set[str]]:
    """Return every text of the sources with the apps that use it."""
    found: dict[Text, set[str]] = defaultdict(set)
    for app, code in _iter_sources_by_app():
        for _line, function, arguments, _comments in extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {}):
            for text in _extract_msgids(function, arguments):
                found[text].add(app)
    return dict(found)


def get_app_of_path(path: Path) -> str:
    """Return the app that a file of the product belongs to: `portal.<noun>`, or the package at the top."""
    package, noun = path.relative_to(ROOT).parts[:2]
    return f"portal.{noun}" if package == "portal" else package


def _iter_sources_by_app() -> Iterator[tuple[str, str]]:
    for path, code in _read_python_modules():
        yield get_app_of_path(path), code
    for path in sorted(TEMPLATES.rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            yield _get_app_of_template(path), _extract_gettext_calls(path)


@cache
def _read_python_modules() -> list[tuple[Path, str]]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [(path, path.read_text()) for path in paths]


def _get_app_of_template(path: Path) -> str:
    """Return the app of a template: that of its folder's name, else the one that renders it, else its folder's."""
    return (
        _find_app_of_folder_name(path.parent)
        or _find_app_rendering(path.name, path.parent)
        or _get_app_of_folder(path.parent)
    )


@cache
def _get_app_of_folder(folder: Path) -> str:
    """Return the app of a folder: that of its name, else the one that renders most of its pages, else its parent's.

    What stands beside the folders of nouns is shared by all pages, and so are the pages for errors.
    """
    holds_folders_of_nouns = any(_find_app_of_folder_name(child) for child in folder.iterdir())
    if holds_folders_of_nouns or folder in (TEMPLATES, TEMPLATES / "errors"):
        return SHARED
    return (
        _find_app_of_folder_name(folder) or _find_app_rendering(r'[^"/]+', folder) or _get_app_of_folder(folder.parent)
    )


def _find_app_of_folder_name(folder: Path) -> str:
    """Return the noun that a folder is named after, or that has the kind of message it holds; else ""."""
    apps = _map_apps_by_message_kind() if folder.parent == TEMPLATES / "messages" else _map_apps_by_label()
    return apps.get(folder.name, "")


@cache
def _map_apps_by_label() -> dict[str, str]:
    return {noun.label: noun.name for noun in registry.list_noun_configs()}


@cache
def _map_apps_by_message_kind() -> dict[str, str]:
    return {
        kind.key: noun.name
        for noun in registry.list_noun_configs()
        for kind in (*noun.message_kinds, *noun.staff_email_kinds)
    }


def _find_app_rendering(template: str, folder: Path) -> str:
    """Return the app whose code names most of the templates that match in a folder, or "" where none has most."""
    named = re.compile(rf'"{folder.relative_to(TEMPLATES)}/{template}"')
    counts = Counter(get_app_of_path(path) for path, code in _read_python_modules() for _name in named.findall(code))
    return next((app for app, count in counts.items() if count * 2 > counts.total()), "")


def _extract_gettext_calls(path: Path) -> str:
    """Return the gettext calls a template makes, each on a line of its own."""
    return "\n".join(TEMPLATE_CALL.findall(templatize(path.read_text(), origin=str(path))))


def _extract_msgids(function: str, arguments: str | tuple) -> Iterator[Text]:
    parts = list(arguments) if isinstance(arguments, tuple) else [arguments]
    context = parts.pop(0) if "pgettext" in function else ""
    if parts and isinstance(parts[0], str):
        yield context, parts[0]
