"""Tests that every package our code imports is declared where its code runs, not merely brought along by another."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from django.conf import settings

from tests.architecture.test_source_layout import list_tracked_files

OWN = {"api", "bench", "config", "portal", "tenants", "tests", "workers"}
# Which dependency groups are installed where a folder's code runs, besides the product's own dependencies.
GROUPS = {
    "config/local/": ("local",),
    "bench/": ("bench", "local", "test"),
    "tests/": ("test", "local", "lint"),
    "": (),
}


def normalise_name(requirement: str) -> str:
    """Return the name of the package that a requirement asks for: `django-allauth` of `django-allauth[mfa]~=65.21`."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]).lower()


def list_declared_packages(groups: tuple[str, ...]) -> set[str]:
    """Return the packages that the product and some dependency groups declare."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    requirements = [*project["project"]["dependencies"]]
    for group in groups:
        requirements += project["dependency-groups"][group]
    return {normalise_name(requirement) for requirement in requirements}


def list_imports(tree: ast.AST) -> set[str]:
    """Return the top-level modules that a module imports when it runs."""
    skipped = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for statement in branch.body
        for node in ast.walk(statement)
    }
    nodes = [node for node in ast.walk(tree) if id(node) not in skipped]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in names} - OWN - sys.stdlib_module_names


@pytest.mark.parametrize("folder", GROUPS)
def test_every_imported_package_is_declared(folder):
    others = tuple(other for other in GROUPS if other and other != folder)
    distributions, declared = packages_distributions(), list_declared_packages(GROUPS[folder])
    imported = {
        (path, module)
        for path in list_tracked_files(*sorted(OWN), "manage.py")
        if path.endswith(".py") and path.startswith(folder) and not path.startswith(others)
        for module in list_imports(ast.parse((settings.BASE_DIR / path).read_text()))
    }

    assert imported
    undeclared = {
        (path, module)
        for path, module in imported
        if declared.isdisjoint(map(normalise_name, distributions.get(module, [])))
    }
    assert undeclared == set()
