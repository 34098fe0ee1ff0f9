"""Tests of ETags: nobody overwrites what they haven't seen."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.django_db


def test_a_change_to_what_somebody_else_changed_is_refused(api_program):
    program = api_program()
    path = f"tags/{program.post('tags/', {'name': 'VIP'}).json()['id']}/"
    seen = program.get(path)["ETag"]
    assert program.patch(path, {"name": "Gold"}, **{"If-Match": seen}).status_code == 200
    answer = program.patch(path, {"name": "Silver"}, **{"If-Match": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert program.get(path).json()["name"] == "Gold"


def test_what_the_caller_has_already_is_not_sent_again(api_program):
    program = api_program()
    path = f"tags/{program.post('tags/', {'name': 'VIP'}).json()['id']}/"
    answer = program.get(path, **{"If-None-Match": program.get(path)["ETag"]})
    assert (answer.status_code, answer.content) == (304, b"")


def iter_functions():
    """Yield each function of the API with its name and that of its file."""
    for path in (ROOT / "api").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                yield node, f"{path.relative_to(ROOT)}: {node.name}"


def test_every_operation_that_documents_if_match_checks_it():
    changes = {name: node for node, name in iter_functions() if node.name in ("put", "patch")}
    assert [name for name, node in changes.items() if "check_if_match(" not in ast.unparse(node)] == []


def test_what_is_compared_stays_locked_until_it_is_changed():
    comparing = {name: node for node, name in iter_functions() if "check_if_match(request," in ast.unparse(node)}
    decorators = {name: [ast.unparse(each) for each in node.decorator_list] for name, node in comparing.items()}
    assert len(decorators) > 20
    assert [name for name, found in decorators.items() if "transaction.atomic" not in found] == []
