"""Finds the code in our documents: every block and every word in backticks, with the place where it stands."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import shorten

from django.conf import settings
from django.core.management import get_commands
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Path = settings.BASE_DIR
# For those who run Portico: what stands here is typed as it stands.
FOR_OPERATORS = ("README.md", "SECURITY.md", "docs/operations.md", "k8s/README.md")
# For those who read its code.
FOR_READERS = (
    "CHANGELOG.md",
    "docs/adding-a-noun.md",
    "docs/architecture.md",
    "docs/glossary.md",
    *sorted(f"docs/adr/{p.name}" for p in ROOT.glob("docs/adr/*.md")),
)
DOCUMENTS = (*FOR_OPERATORS, *FOR_READERS)
PYTHONS = ("python", ".venv/bin/python")
PROGRAMS = ("make", "kubectl", *PYTHONS)


@dataclass(frozen=True)
class Code:
    """A block with its language, or a few words in backticks, which have none."""

    document: str
    line: int
    text: str
    language: str | None = None

    def __str__(self) -> str:
        return f"{self.document}:{self.line} {shorten(self.text, 120)}"


@dataclass(frozen=True)
class Command(Code):
    """A line for a shell."""

    @property
    def words(self) -> list[str]:
        """The words as a shell splits them."""
        return shlex.split(self.text, comments=True)


@cache
def code(document: str) -> tuple[Code, ...]:
    """Return all code of a document, in its order."""
    return tuple(_found(document))


@cache
def links(document: str) -> tuple[str, ...]:
    """Return where a document's links and pictures lead."""
    inner = [child for token in _tokens(document) for child in token.children or ()]
    return tuple(str(child.attrs[name]) for child in inner for name in ("href", "src") if name in child.attrs)


def blocks(*languages: str) -> list[Code]:
    """Return the blocks of all documents in these languages."""
    return [one for document in DOCUMENTS for one in code(document) if one.language in languages]


def commands(*programs: str) -> list[Command]:
    """Return every line for a shell, of these programs if some are named."""
    found = [command for document in DOCUMENTS for one in code(document) for command in _commands(one)]
    return [one for one in found if not programs or one.words[0] in programs]


def names(document: str) -> list[Code]:
    """Return what stands in a document's backticks and is no command."""
    return [one for one in code(document) if one.language is None and not _is_command(one.text)]


def _tokens(document: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse((ROOT / document).read_text())


def _found(document: str) -> Iterator[Code]:
    for token in _tokens(document):
        line = token.map[0] + 1 if token.map else 0
        if token.type in ("fence", "code_block"):
            yield Code(document, line, token.content, token.info.strip())
        for child in token.children or ():
            if child.type == "code_inline":
                yield Code(document, line, child.content)


def _commands(found: Code) -> Iterator[Command]:
    if found.language is None and _is_command(found.text):
        yield Command(found.document, found.line, found.text)
    if found.language == "sh":
        lines = re.sub(r"\\\n", " ", found.text).splitlines()
        yield from (Command(found.document, found.line, line) for line in lines if shlex.split(line, comments=True))


def _is_command(text: str) -> bool:
    """Tell whether words in backticks are to be typed: they begin with a program, or with a command of ours and more."""
    first, *rest = text.split()
    return bool(rest) and first in (*PROGRAMS, "manage.py", *get_commands())
