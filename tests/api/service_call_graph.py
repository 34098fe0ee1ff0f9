"""Finds, without running anything, the services that pages call and those that the API reaches.

A service is a public function of a module `services`, or of another module of the domain if it is told the time as
`now`, as whatever reads or changes the state of a business is.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.architecture.test_source_layout import parse_handwritten_modules

PAGES = re.compile(
    r"(^|/)(views|console|templatetags|\w*forms?|context_processors|home_sections|\w*middleware|adapter)(/|\.py)"
)
# Commands and demonstration data are neither pages nor what these call.
OTHERS = re.compile(r"/(management|demo)(/|\.py)")
# Providers call these, not programs of a business or of its clients.
PROVIDER_HOOKS = "api.provider_webhooks"
DOMAIN = ("portal", "tenants")


@dataclass(frozen=True, order=True)
class Definition:
    """A function, class or constant at the top of a module."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass
class Module:
    """The names of a module: what it defines, and by which dotted paths it imports others."""

    path: str
    definitions: dict[str, ast.AST] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        """Tell whether the module shows pages or is their form, tag or middleware."""
        return self.path.startswith(DOMAIN) and bool(PAGES.search(self.path)) and "/services" not in self.path


def list_page_services() -> set[Definition]:
    """Return the services that pages call, themselves or through functions that are not services."""
    pages = [one for one in build_call_graph() if read_modules()[one.module].is_page]
    return {one for one in walk_calls(pages, is_end=is_service) if is_service(one)}


def list_api_services() -> set[Definition]:
    """Return the services that operations of the API call, or that services of these call."""
    operations = [one for one in build_call_graph() if f"{one.module}.".startswith("api.")]
    programs = [one for one in operations if not f"{one.module}.".startswith(f"{PROVIDER_HOOKS}.")]
    return {one for one in walk_calls(programs, is_end=lambda _one: False) if is_service(one)}


def is_service(definition: Definition) -> bool:
    """Tell whether a definition is a service."""
    module = read_modules()[definition.module]
    node = module.definitions[definition.name]
    is_hidden = module.is_page or definition.name.startswith("_") or not module.path.startswith(DOMAIN)
    if is_hidden or not isinstance(node, ast.FunctionDef):
        return False
    is_told_the_time = any(argument.arg == "now" for argument in node.args.kwonlyargs)
    return is_told_the_time or "services" in definition.module.split(".")


def walk_calls(starts: Iterable[Definition], *, is_end: Callable[[Definition], bool]) -> set[Definition]:
    """Return all definitions that these use, directly or through others; what an end uses is not followed."""
    graph, found, waiting = build_call_graph(), set(), list(starts)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [] if is_end(one) else graph[one]
    return found


@cache
def build_call_graph() -> dict[Definition, frozenset[Definition]]:
    """Return what each definition of the product names."""
    return {
        Definition(name, key): frozenset(_iter_uses(name, node))
        for name, module in read_modules().items()
        for key, node in module.definitions.items()
    }


@cache
def read_modules() -> dict[str, Module]:
    """Return the modules of the product by their dotted paths."""
    modules = {}
    for path, tree in parse_handwritten_modules().items():
        if not OTHERS.search(path):
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            modules[name] = Module(path, dict(_iter_definitions(tree)), dict(_iter_imports(tree)))
    return modules


def _iter_definitions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name, node
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from ((target.id, node) for target in targets if isinstance(target, ast.Name))


def _iter_imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.asname, alias.name) for alias in node.names if alias.asname)


def _iter_uses(module: str, node: ast.AST) -> Iterator[Definition]:
    for part in ast.walk(node):
        names = _read_dotted_name(part)
        # Of a.b.c the longest beginning that is a definition counts: c may be one of its attributes.
        beginnings = (".".join([module, *names[:length]]) for length in range(len(names), 0, -1))
        found = (one for one in map(_resolve, beginnings) if isinstance(one, Definition))
        yield from [one for one in [next(found, None)] if one]


def _read_dotted_name(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Attribute):
        before = _read_dotted_name(node.value)
        return [*before, node.attr] if before else []
    return [node.id] if isinstance(node, ast.Name) else []


@cache
def _resolve(path: str) -> Definition | str | None:
    """Return what a dotted path stands for, also where a module only imports it: a definition or a module's path."""
    if path in read_modules():
        return path
    before, _dot, name = path.rpartition(".")
    home = _resolve(before) if before else None
    if not isinstance(home, str):
        return None
    module = read_modules()[home]
    if name in module.definitions:
        return Definition(home, name)
    imported = module.imports.get(name, "")
    return _resolve(imported) if imported != path else None
