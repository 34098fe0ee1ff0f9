"""Tests that the import contracts in pyproject.toml cover all that they should."""

import re
import tomllib
from functools import cache
from pkgutil import iter_modules

from django.conf import settings

ROOT = settings.BASE_DIR


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
