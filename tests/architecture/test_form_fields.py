"""Every text that people type passes the one rule for what can't be seen."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "portal", "tenants")
# The fields of Django's forms and of serializers that take a text as it comes.
PLAIN_FIELDS = {"CharField", "EmailField", "JSONField", "RegexField", "SlugField", "URLField"}
# What is parsed into something else: addresses, codes, colours, tokens, and what only programs fill in.
PARSED = {
    "identifier",
    "email",
    "mobile",
    "contact_email",
    "contact_phone",
    "code",
    "colour",
    "leave_empty",
    "form_token",
    "challenge_state",
    "passkey_response",
}
# Where the fields that follow the rule are made of plain ones.
RULES = ("portal/ui/form_fields.py", "api/protocol/fields.py")
MODEL_MODULES = ("django.db", "django.contrib.postgres")
BYPASSES = {
    "an attribute": "class A(forms.Form):\n    note = forms.CharField(max_length=3)",
    "an annotated attribute": "class A(forms.Form):\n    note: forms.CharField = forms.CharField()",
    "a field that is added later": "self.fields['note'] = forms.CharField()",
    "a field under a name of its own": "self.fields[name] = forms.CharField()",
    "a field that a function returns": "def build():\n    return forms.CharField()",
    "one of two fields": "note, email = forms.CharField(), 1",
    "a field imported by name": "from django.forms import CharField\nnote = CharField()",
    "a field imported under another name": "from django.forms import CharField as Text\nnote = Text()",
    "a pattern": "note = forms.RegexField('a')",
    "a field of a serializer": "class A(Serializer):\n    note = serializers.CharField()",
    "a class of one's own": "class Note(forms.CharField):\n    pass",
    "a form made of a model": "class A(forms.ModelForm):\n    pass",
    "a serializer made of a model": "class A(serializers.ModelSerializer):\n    pass",
    "fields made of a model": "form = modelform_factory(Note)",
}


def list_plain_text_fields(code: str) -> list[str]:
    """Return the names of all text fields of a module that don't follow the rule; the code of those without a name."""
    tree = ast.parse(code)
    originals, names = _map_imported_names(tree), _map_names_by_field(tree)
    return [
        names.get(node, ast.unparse(node))
        for node in ast.walk(tree)
        for used in _iter_used_classes(node)
        if _is_plain_field(used, originals) and not _is_read_only(node)
    ]


def _iter_used_classes(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield node.func
    if isinstance(node, ast.ClassDef):
        yield from node.bases


def _is_plain_field(used: ast.expr, originals: dict[str, str]) -> bool:
    module, _dot, name = ast.unparse(used).rpartition(".")
    if not module:
        module, _dot, name = originals.get(name, name).rpartition(".")
    if module == "models" or module.startswith(MODEL_MODULES):
        return False
    return name in PLAIN_FIELDS or bool(re.match("(?i)model_?(form|serializer)", name))


def _is_read_only(node: ast.AST) -> bool:
    """Tell whether a field of a serializer is only ever shown."""
    return isinstance(node, ast.Call) and any(
        keyword.arg == "read_only" and ast.unparse(keyword.value) == "True" for keyword in node.keywords
    )


def _map_imported_names(tree: ast.Module) -> dict[str, str]:
    """Return the path of each name that a module imports."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _map_names_by_field(tree: ast.Module) -> dict[ast.AST, str]:
    """Return the name under which each value is assigned; a form's field has it for a name."""
    return {
        node.value: ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
    }


@pytest.mark.parametrize("way", BYPASSES)
def test_no_way_to_declare_a_field_is_overlooked(way):
    assert list_plain_text_fields(BYPASSES[way])


def test_columns_of_models_are_no_fields_of_forms():
    code = "from django.db.models import CharField\nA = models.CharField()\nb = Cast('c', CharField())"

    assert list_plain_text_fields(code) == []


def test_a_text_that_is_only_shown_is_not_typed():
    shown, typed = "note = serializers.CharField(read_only=True)", "note = serializers.CharField(read_only=False)"

    assert (list_plain_text_fields(shown), list_plain_text_fields(typed)) == ([], ["note"])


def test_texts_are_typed_into_fields_that_remove_what_can_not_be_seen():
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    fields = {
        (path.relative_to(ROOT).as_posix(), name) for path in paths for name in list_plain_text_fields(path.read_text())
    }

    assert len(fields) > len(PARSED)
    assert {(path, name) for path, name in fields if name not in PARSED and path not in RULES} == set()
