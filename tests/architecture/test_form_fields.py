"""Every text that people type passes the one rule for what can't be seen."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What is parsed into something else: addresses, codes, colours, tokens, and what only programs fill in.
PARSED = {"identifier", "email", "mobile", "contact_phone", "code", "colour", "leave_empty", "form_token"}


def list_plain_text_fields():
    """Return the names of all fields that are a plain `forms.CharField`, with their files."""
    found = []
    for package in ("portal", "tenants"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("forms.CharField("):
                    found.append((str(path.relative_to(ROOT)), ast.unparse(node.targets[0])))
    return found


def test_texts_are_typed_into_fields_that_remove_what_can_not_be_seen():
    fields = list_plain_text_fields()

    assert fields
    assert {(path, name) for path, name in fields if name not in PARSED} == set()
