"""Tests that the import contracts in pyproject.toml cover all that they should, and of what they can't express."""

import ast
import re
import tomllib
from functools import cache
from pkgutil import iter_modules

from django.conf import settings

from tests.architecture.test_source_layout import iter_syntax_nodes

ROOT = settings.BASE_DIR
# The modules of the portal that have to do with requests, responses and templates: pages, what Django calls for them,
# and some others, each with its reason.
PAGES = re.compile(
    r"/(views|console|templatetags)(/|\.py)|/(middleware|context_processors|decorators|request_types)\.py"
)
OTHER_IMPORTERS = {
    "portal/access/token_cookies.py": "reads and sets the cookies of a request",
    "portal/access/network_limits.py": "decorates views",
    "portal/access/reauthentication.py": "decorates views",
    "portal/branding/language_selection.py": "reads the language that a request asks for",
    "portal/clients/list_query.py": "reads the query string of the client list",
    "portal/embeds/cors_middleware.py": "is middleware, in a module of its own",
    "portal/embeds/framing.py": "decorates views",
    "portal/team/adapter.py": "allauth passes it requests",
    "portal/ui/error_views.py": "shows the pages for errors",
    "portal/ui/body_middleware.py": "is middleware, in a module of its own",
    "portal/ui/csp_form_targets.py": "sets a header of a response",
    "portal/ui/redirects.py": "redirects browsers",
    "portal/cards/exports/html_exports.py": "renders the export for people",
    "portal/messaging/rendering.py": "renders mails and texts",
}


@cache
def read_import_contract(name: str) -> dict:
    """Return an import contract by its id."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    return next(contract for contract in tools["importlinter"]["contracts"] if contract["id"] == name)


def list_contract_layers(name: str) -> list[list[str]]:
    """Return the layers of a contract from top to bottom, each with its packages."""
    return [layer.split(" | ") for layer in read_import_contract(name)["layers"]]


def read_documented_layers() -> list[list[str]]:
    """Return the layers in the diagram of docs/architecture.md."""
    diagram = (ROOT / "docs/architecture.md").read_text().partition("```text\napi\n")[2].partition("```")[0]
    return [["api"], *(re.sub(r"^\w+/", "", line).strip().split(" · ") for line in diagram.splitlines())]


def test_every_module_of_the_workers_is_in_a_layer():
    found = {f"workers.{module.name}" for module in iter_modules([ROOT / "workers"])}
    assert {name for layer in list_contract_layers("layers") for name in layer if name.startswith("workers.")} == found


def test_the_portal_imports_only_the_queue_from_the_workers():
    assert list_contract_layers("layers")[list_contract_layers("layers").index(["portal"]) :] == [
        ["portal"],
        ["workers.queue"],
        ["tenants"],
    ]


def test_the_documented_layers_match_the_contracts():
    expected = []
    for layer in list_contract_layers("layers"):
        expected += (
            list_contract_layers("nouns")
            if layer == ["portal"]
            else [[name.removeprefix("workers.") for name in layer]]
        )
    assert read_documented_layers() == expected


def test_only_page_modules_import_requests_and_templates():
    subject = re.compile(
        r"django\.(http|shortcuts|template)\b|(tenants|portal)\.(\w+\.)?request_types\b|.*\.templatetags\b"
    )
    importers = {
        path
        for path, node in iter_syntax_nodes((ast.Import, ast.ImportFrom))
        for alias in node.names
        if subject.match(f"{getattr(node, 'module', None) or ''}.{alias.name}".lstrip("."))
    }
    found = {path for path in importers if path.startswith("portal/") and not PAGES.search(path)}
    assert found == set(OTHER_IMPORTERS)


def test_only_pages_import_pages_and_forms():
    """The import contract names the modules of the domain that are alike in all nouns; this covers the others."""
    pages = re.compile(PAGES.pattern + r"|/\w*(urls|forms?)\.py")
    subject = re.compile(r"portal\..*\b(console|views|forms|templatetags)\b")
    importers = {
        path
        for path, node in iter_syntax_nodes((ast.Import, ast.ImportFrom))
        for alias in node.names
        if subject.match(f"{getattr(node, 'module', None) or ''}.{alias.name}".lstrip("."))
    }
    assert {path for path in importers if path.startswith("portal/") and not pages.search(path)} == set()
