"""Requests that no operation of an API takes, what they are answered with, and which operations are tried with them."""

import json
from collections.abc import Callable
from itertools import product

from django.http import HttpResponse

from api.schema.documents import ApiSchema, build_document
from tests.api.schema.operations import Operation
from tests.attacks.api_requests import get_media_type

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

Send = Callable[..., HttpResponse]


def list_operations_with_body(operations: dict[str, Operation]) -> list[str]:
    """Return the names of the operations that take a JSON body."""
    return [name for name, operation in operations.items() if get_media_type(operation) == "application/json"]


def list_operations_without_body(operations: dict[str, Operation]) -> list[str]:
    """Return the names of the operations that change something and take no body."""
    return [
        name
        for name, operation in operations.items()
        if operation.method not in ("GET", "DELETE") and "requestBody" not in operation.details
    ]


def list_paginated_operations(operations: dict[str, Operation]) -> list[str]:
    """Return the names of the operations that answer a page of a list."""
    parameters = {name: operation.details.get("parameters", []) for name, operation in operations.items()}
    return [name for name, given in parameters.items() if any(each.get("name") == "limit" for each in given)]


def list_fields(operation: Operation, api: ApiSchema) -> list[str]:
    """Return the names of the fields that an operation takes."""
    schema = operation.details["requestBody"]["content"]["application/json"]["schema"]
    component = build_document(api)["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2])
    return [*(component or schema).get("properties", {})]


def find_accepted_bodies(send: Send, name: str) -> dict[str, tuple[int, str]]:
    """Send each malformed body to an operation; return the answers that are not the right problem."""
    got = {what: get_problem(send(name, body)) for what, body in MALFORMED_BODIES.items()}
    return {what: problem for what, problem in got.items() if problem not in BODY_PROBLEMS}


def find_accepted_queries(send: Send, name: str) -> dict[str, tuple[int, str]]:
    """Send each malformed query to an operation; return the answers that are not the right problem."""
    got = {query: get_problem(send(name, query=query)) for query in MALFORMED_QUERIES}
    return {query: problem for query, problem in got.items() if problem not in QUERY_PROBLEMS}


def find_accepted_internal_fields(send: Send, name: str) -> list[str]:
    """Send internal fields to an operation; return those that are not refused as unknown."""
    answer = send(name, dict.fromkeys(INTERNAL_FIELDS, "1"))
    assert get_problem(answer) == (422, "validation_failed"), answer.content[:300]
    errors = {error["field"]: error["code"] for error in answer.json()["errors"]}
    return [field for field in INTERNAL_FIELDS if errors.get(field) != "unknown_field"]


def find_breaking_values(send: Send, name: str, fields: list[str]) -> list[tuple[str, object, bytes]]:
    """Send each malformed value of each field to an operation; return those over which it breaks, and the answers."""
    answers = (
        (field, value, send(name, json.dumps({field: value}).encode()))
        for field, value in product(fields, MALFORMED_VALUES)
    )
    return [(field, value, answer.content[:300]) for field, value, answer in answers if answer.status_code >= 500]


def get_problem(answer: HttpResponse) -> tuple[int, str]:
    """Return the status and the code of an answer, which has to be a problem document."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content[:300]
    return answer.status_code, answer.json()["code"]
