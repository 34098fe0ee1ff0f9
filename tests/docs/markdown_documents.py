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
class CodeBlock:
    """A block with its language, or a few words in backticks, which have none."""

    document: str
    line: int
    text: str
    language: str | None = None

    def __str__(self) -> str:
        return f"{self.document}:{self.line} {shorten(self.text, 120)}"


@dataclass(frozen=True)
class DocumentedCommand(CodeBlock):
    """A line for a shell."""

    @property
    def arguments(self) -> list[str]:
        """The words as a shell splits them."""
        return shlex.split(self.text, comments=True)


@cache
def read_code_blocks(document: str) -> tuple[CodeBlock, ...]:
    """Return all code of a document, in its order."""
    return tuple(_iter_code_blocks(document))


@cache
def find_links(document: str) -> tuple[str, ...]:
    """Return where a document's links and pictures lead."""
    inner = [child for token in _parse_markdown(document) for child in token.children or ()]
    return tuple(str(child.attrs[name]) for child in inner for name in ("href", "src") if name in child.attrs)


def find_fenced_blocks(*languages: str) -> list[CodeBlock]:
    """Return the blocks of all documents in these languages."""
    return [block for document in DOCUMENTS for block in read_code_blocks(document) if block.language in languages]


def find_documented_commands(*programs: str) -> list[DocumentedCommand]:
    """Return every line for a shell, of these programs if some are named."""
    found = [
        command
        for document in DOCUMENTS
        for block in read_code_blocks(document)
        for command in _iter_documented_commands(block)
    ]
    return [block for block in found if not programs or block.arguments[0] in programs]


def find_inline_code(document: str) -> list[CodeBlock]:
    """Return what stands in a document's backticks and is no command."""
    return [
        block for block in read_code_blocks(document) if block.language is None and not _is_shell_command(block.text)
    ]


def _parse_markdown(document: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse((ROOT / document).read_text())


def _iter_code_blocks(document: str) -> Iterator[CodeBlock]:
    for token in _parse_markdown(document):
        line = token.map[0] + 1 if token.map else 0
        if token.type in ("fence", "code_block"):
            yield CodeBlock(document, line, token.content, token.info.strip())
        for child in token.children or ():
            if child.type == "code_inline":
                yield CodeBlock(document, line, child.content)


def _iter_documented_commands(found: CodeBlock) -> Iterator[DocumentedCommand]:
    if found.language is None and _is_shell_command(found.text):
        yield DocumentedCommand(found.document, found.line, found.text)
    if found.language == "sh":
        lines = re.sub(r"\\\n", " ", found.text).splitlines()
        yield from (
            DocumentedCommand(found.document, found.line, line) for line in lines if shlex.split(line, comments=True)
        )


def _is_shell_command(text: str) -> bool:
    """Tell whether words in backticks are to be typed: they begin with a program or one of our commands."""
    first, *rest = text.split()
    return bool(rest) and first in (*PROGRAMS, "manage.py", *get_commands())
