"""No identifier, file, setting, URL, metric or markup uses a word that docs/glossary.md has retired."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings
from django.urls import get_resolver

from tests.architecture.test_source_layout import list_tracked_files, parse_all_modules
from tests.attacks.console_routes import iter_routes

GLOSSARY = settings.BASE_DIR / "docs" / "glossary.md"
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
RETIRED = re.compile(r"^- ([a-z-]+)$", re.MULTILINE)
METRICS = re.compile(r"portico_\w+")
MARKUP_NAMES = re.compile(r'\b(?:id|for|name|class|popovertarget|list|data-[a-z-]+)="([^"{%]+)"')
CLASS_NAMES = re.compile(r"\.([a-z][\w-]*)(?=[^;{}]*\{)")


@cache
def retired_words() -> frozenset[str]:
    """Return the words of the list at the glossary's end."""
    return frozenset(RETIRED.findall(GLOSSARY.read_text().partition("## Retired words")[2]))


def split_words(name: str) -> list[str]:
    """Return the lower-case words of a name in any spelling: `ImportChunk`, `import_chunk` or `import-chunk`."""
    return [word.lower() for word in WORDS.findall(name)]


def find_retired_words(names: Iterator[tuple[str, str]]) -> list[str]:
    """Return each (place, name) that holds a retired word, also one of several parts such as `take-over`."""
    found = []
    for place, name in names:
        joined = "-" + "-".join(split_words(name)) + "-"
        found += [f"{place}: {name} ({word})" for word in retired_words() if f"-{word}-" in joined]
    return found


def iter_python_names() -> Iterator[tuple[str, str]]:
    """Yield every name that a module defines or uses: classes, functions, parameters, variables, attributes."""
    for path, tree in parse_all_modules().items():
        for node in ast.walk(tree):
            for field in ("name", "id", "attr", "arg", "asname"):
                if isinstance(name := getattr(node, field, None), str):
                    yield f"{path}:{getattr(node, 'lineno', 0)}", name


def iter_file_paths() -> Iterator[tuple[str, str]]:
    """Yield the path of every file, folders included."""
    return ((path, path) for path in list_tracked_files(".") if not path.startswith("assets/dist/"))


def iter_setting_names() -> Iterator[tuple[str, str]]:
    """Yield the names of all settings and documented environment variables."""
    yield from (("settings", name) for name in dir(settings) if name.isupper())
    variables = re.findall(r"^#? ?([A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text(), re.MULTILINE)
    yield from ((".env.example", name) for name in variables)


def iter_url_names() -> Iterator[tuple[str, str]]:
    """Yield the path and the name of every route of our own, on the platform's host and on a portal's."""
    for urlconf in ("config.urls_platform", "config.urls_portal"):
        for route, pattern in iter_routes(get_resolver(urlconf).url_patterns):
            yield "URL", route
            yield "URL name", pattern.name or ""


def iter_metric_names() -> Iterator[tuple[str, str]]:
    """Yield the metric names in code, alerts and documents."""
    for path in list_tracked_files("api", "config", "docs", "k8s", "portal", "tenants", "workers"):
        if path.endswith((".py", ".md", ".yaml", ".yml", ".json")):
            yield from ((path, name) for name in METRICS.findall((settings.BASE_DIR / path).read_text()))


def iter_css_classes() -> Iterator[tuple[str, str]]:
    """Yield the class names of all style sheets."""
    for path in list_tracked_files("assets/css"):
        yield from ((path, name) for name in CLASS_NAMES.findall((settings.BASE_DIR / path).read_text()))


def iter_markup_names() -> Iterator[tuple[str, str]]:
    """Yield the ids, names and classes in all templates."""
    for path in list_tracked_files("templates"):
        for value in MARKUP_NAMES.findall((settings.BASE_DIR / path).read_text()):
            yield from ((path, name) for name in value.split())


@pytest.mark.parametrize(
    "iter_names",
    [
        iter_python_names,
        iter_file_paths,
        iter_setting_names,
        iter_url_names,
        iter_metric_names,
        iter_css_classes,
        iter_markup_names,
    ],
    ids=lambda function: function.__name__.removeprefix("iter_"),
)
def test_no_name_uses_a_retired_word(iter_names):
    names = list(iter_names())
    assert names
    assert find_retired_words(iter(names)) == []


def test_a_retired_word_is_found_in_every_spelling():
    word = sorted(retired_words())[0]
    names = [
        f"old_{word.replace('-', '_')}",
        f"Old{word.title().replace('-', '')}",
        f"old-{word}",
        f"OLD_{word.upper()}",
    ]
    assert len(find_retired_words((name, name) for name in names)) == len(names)
    assert find_retired_words(iter([("", f"{word}x")])) == []
