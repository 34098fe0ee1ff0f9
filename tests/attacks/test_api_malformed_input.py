"""Tests that no operation of the API breaks over what it is sent, or takes more from it than its schema says.

What isn't right is answered with a problem document of 400, 413 or 422, whatever the operation.
"""

import json
from itertools import product

import pytest

from api.schema.documents import BUSINESS_SCHEMA, ApiSchema, build_document
from portal.clients.models import Note
from tenants.context import use_business
from tenants.models import Membership
from tests.api.conftest import api_program
from tests.api.schema.operations import Operation
from tests.attacks.api_objects import create_objects
from tests.attacks.api_operations import OPERATIONS
from tests.attacks.api_requests import get_media_type

__all__ = ["api_program"]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def list_writing(operations: dict[str, Operation]) -> list[str]:
    """Return the names of the operations that take a JSON body."""
    return [name for name, operation in operations.items() if get_media_type(operation) == "application/json"]


def list_bodiless(operations: dict[str, Operation]) -> list[str]:
    """Return the names of the operations that change something and take no body."""
    return [
        name
        for name, operation in operations.items()
        if operation.method not in ("GET", "DELETE") and "requestBody" not in operation.details
    ]


def list_listing(operations: dict[str, Operation]) -> list[str]:
    """Return the names of the operations that answer a page of a list."""
    parameters = {name: operation.details.get("parameters", []) for name, operation in operations.items()}
    return [name for name, given in parameters.items() if any(each.get("name") == "limit" for each in given)]


WRITING, BODILESS, LISTING = list_writing(OPERATIONS), list_bodiless(OPERATIONS), list_listing(OPERATIONS)
DEPTHS = (31, 300, 700, 2_000, 100_000)
MALFORMED_BODIES = {
    "no JSON": b"{",
    "not UTF-8": b'{"name": "\xff"}',
    "not an object": b'["name"]',
    "a text": b'"name"',
    "null": b"null",
    "NaN": b'{"name": NaN}',
    "a huge number": b'{"name": 1' + b"0" * 6000 + b"}",
    **{f"{depth} levels deep": b'{"name": ' + b"[" * depth + b"]" * depth + b"}" for depth in DEPTHS},
    **{f"custom, {depth} levels deep": b'{"custom": ' + b"[" * depth + b"]" * depth + b"}" for depth in DEPTHS},
    "3 MB": b'{"name": "' + b"a" * 3_000_000 + b'"}',
    "10 MB": b" " * 10_000_000,
}
BODY_PROBLEMS = {(400, "malformed_request"), (413, "too_large"), (422, "validation_failed")}
MALFORMED_VALUES = ["a\x00b", "\ud800", {"$ne": ""}, ["a"], 1.5, None, True, "a" * 100_000]
# Fields that rows have, and that nobody may set through an operation which doesn't name them.
INTERNAL_FIELDS = ("pk", "business", "schema_name", "is_demo", "search", "created_by", "deleted_at", "membership")
MALFORMED_QUERIES = [
    "limit=0",
    "limit=1001",
    "limit=1e9",
    "limit=99999999999999999999",
    "limit=",
    "limit=5&limit=6",
    "cursor=x",
    "cursor=%00",
    "cursor=eyJhIjoxfQ==",
    "business=globex",
    "pk=1",
    "name__icontains=a",
    "client__business=1",
    "ordering=password",
    "sort=password",
    "sort=-id);DROP TABLE clients_client;--",
    "search[]=a",
    "page=2",
    "offset=1000000000",
]
QUERY_PROBLEMS = {(400, "invalid_cursor"), (422, "validation_failed")}


@pytest.fixture
def send(api_program, acme, now):
    """Return a function that sends a body to an operation on objects that are there."""
    with use_business(acme):
        ids = create_objects(now)
    program = api_program()
    with use_business(acme):
        Note.objects.update(author_id=Membership.objects.get(api_keys__beginning=program.key[:9]).person_id)

    def send(name, body=None, query=""):
        operation = OPERATIONS[name]
        path = operation.path.format(**ids).removeprefix("/api/v1/business/")
        return program.send(operation.method, f"{path}?{query}" if query else path, body)

    return send


def get_problem(answer):
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content[:300]
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("name", WRITING + BODILESS)
def test_a_malformed_body_is_a_problem(send, name):
    got = {what: get_problem(send(name, body)) for what, body in MALFORMED_BODIES.items()}
    assert {what: problem for what, problem in got.items() if problem not in BODY_PROBLEMS} == {}


@pytest.mark.parametrize("name", WRITING + BODILESS)
def test_fields_that_the_operation_does_not_have_are_refused_by_name(send, name):
    answer = send(name, dict.fromkeys(INTERNAL_FIELDS, "1"))
    assert get_problem(answer) == (422, "validation_failed")
    errors = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert {field: errors.get(field) for field in INTERNAL_FIELDS} == dict.fromkeys(INTERNAL_FIELDS, "unknown_field")


@pytest.mark.parametrize("name", WRITING)
def test_no_value_of_any_field_breaks_the_operation(send, name):
    for field, value in product(list_fields(OPERATIONS[name], BUSINESS_SCHEMA), MALFORMED_VALUES):
        answer = send(name, json.dumps({field: value}).encode())
        assert answer.status_code < 500, (field, value, answer.content[:300])


@pytest.mark.parametrize("name", LISTING)
def test_a_malformed_query_is_a_problem(send, name):
    got = {query: get_problem(send(name, query=query)) for query in MALFORMED_QUERIES}
    assert {query: problem for query, problem in got.items() if problem not in QUERY_PROBLEMS} == {}


def list_fields(operation: Operation, api: ApiSchema) -> list[str]:
    """Return the names of the fields that an operation takes."""
    schema = operation.details["requestBody"]["content"]["application/json"]["schema"]
    component = build_document(api)["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2])
    return [*(component or schema).get("properties", {})]
