"""Tests that the import contracts in pyproject.toml cover all that they should, and of what they can't express."""

import ast
import re
import tomllib
from functools import cache
from pkgutil import iter_modules

from django.conf import settings

from tests.architecture.test_layout import nodes

ROOT = settings.BASE_DIR
# The modules of the portal that have to do with requests, responses and templates: pages and what Django calls for them.
PAGES = re.compile(r"/(views|console|templatetags)(/|\.py)|/(middleware|context_processors)\.py")
NO_PAGES_BUT_ALIKE = {
    "portal/access/cookies.py": "reads and sets the cookies of a request",
    "portal/access/network_limits.py": "decorates views",
    "portal/access/reauthentication.py": "decorates views",
    "portal/branding/language.py": "reads the language that a request asks for",
    "portal/team/adapter.py": "allauth passes it requests",
    "portal/ui/decorators.py": "decorates views",
    "portal/ui/errors.py": "shows the pages for errors",
    "portal/ui/form_targets.py": "sets a header of a response",
    "portal/ui/redirects.py": "redirects browsers",
    "portal/cards/exports/html_documents.py": "renders the export for people",
    "portal/messaging/rendering.py": "renders mails and texts",
}


@cache
def contract(name: str) -> dict:
    """Return an import contract by its id."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    return next(one for one in tools["importlinter"]["contracts"] if one["id"] == name)


def modules_in_layers() -> set[str]:
    """Return the modules and packages that the contract of layers names."""
    return {module for layer in contract("layers")["layers"] for module in re.split(r"\s*[|:]\s*", layer)}


def test_every_module_of_the_workers_is_in_a_layer():
    modules = {f"workers.{module.name}" for module in iter_modules([ROOT / "workers"])}
    assert {name for name in modules_in_layers() if name.startswith("workers.")} == modules


def test_the_portal_knows_no_part_of_the_workers_but_the_queue():
    layers = contract("layers")["layers"]
    assert [layer for layer in layers[layers.index("portal") :] if "workers" in layer] == ["workers.queue"]


def test_requests_and_templates_are_for_pages():
    subject = re.compile(r"django\.(http|shortcuts|template)\b")
    importers = {
        path
        for path, node in nodes((ast.Import, ast.ImportFrom))
        for alias in node.names
        if subject.match(f"{getattr(node, 'module', None) or ''}.{alias.name}".lstrip("."))
    }
    found = {path for path in importers if path.startswith("portal/") and not PAGES.search(path)}
    assert found == set(NO_PAGES_BUT_ALIKE)
