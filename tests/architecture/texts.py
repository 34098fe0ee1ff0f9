"""Finds every text that the sources say, and the apps that use it."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation import templatize

from tenants.models import StaffEmailKind
from tenants.nouns import registry

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
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
def users_by_text() -> dict[Text, set[str]]:
    """Return every text of the sources with the apps that use it."""
    found: dict[Text, set[str]] = defaultdict(set)
    for app, code in _sources():
        for _line, function, arguments, _comments in extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {}):
            for text in _texts(function, arguments):
                found[text].add(app)
    return dict(found)


def app_of(path: Path) -> str:
    """Return the app that a file of the product belongs to: `portal.<noun>`, or the package at the top."""
    package, noun = path.relative_to(ROOT).parts[:2]
    return f"portal.{noun}" if package == "portal" else package


def _sources() -> Iterator[tuple[str, str]]:
    for path, code in _modules():
        yield app_of(path), code
    for path in sorted(TEMPLATES.rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            yield _app_of_templates(path.parent), _as_python(path)


@cache
def _modules() -> list[tuple[Path, str]]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [(path, path.read_text()) for path in paths]


@cache
def _app_of_templates(folder: Path) -> str:
    """Return the app of a folder of templates.

    That is the noun of its name, or of the kind of message that it holds, else the app that renders the templates,
    else its parent's.
    """
    if folder == TEMPLATES:
        return "portal.ui"
    apps = _apps_by_message_kind() if folder.parent == TEMPLATES / "messages" else _apps_by_label()
    return apps.get(folder.name) or _app_that_renders(folder) or _app_of_templates(folder.parent)


@cache
def _apps_by_label() -> dict[str, str]:
    return {noun.label: noun.name for noun in registry.nouns()}


@cache
def _apps_by_message_kind() -> dict[str, str]:
    kinds = {kind.key: noun.name for noun in registry.nouns() for kind in noun.message_kinds}
    return kinds | dict.fromkeys(StaffEmailKind.values, "tenants")


def _app_that_renders(folder: Path) -> str:
    """Return the only app whose code names templates of exactly this folder, or "" when none or several do."""
    named = re.compile(rf'"{folder.relative_to(TEMPLATES)}/[^"/]+"')
    apps = {app_of(path) for path, code in _modules() if named.search(code)}
    return apps.pop() if len(apps) == 1 else ""


def _as_python(path: Path) -> str:
    """Return the gettext calls a template makes, each on a line of its own."""
    return "\n".join(TEMPLATE_CALL.findall(templatize(path.read_text(), origin=str(path))))


def _texts(function: str, arguments: str | tuple) -> Iterator[Text]:
    parts = list(arguments) if isinstance(arguments, tuple) else [arguments]
    context = parts.pop(0) if "pgettext" in function else ""
    if parts and isinstance(parts[0], str):
        yield context, parts[0]
