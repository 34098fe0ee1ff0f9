"""Tests of the schemas: they are in the repository as the code has them, and say all that a caller must know."""

import json
from difflib import unified_diff
from itertools import islice

import pytest
from django.conf import settings
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from api.protocol.error_codes import ErrorCode
from api.schema.documents import BUSINESS_SCHEMA, SCHEMAS, build_document, render_json, render_yaml
from tests.api.schema.operations import list_operations

FOLDER = settings.BASE_DIR / "docs" / "openapi"


@pytest.fixture(params=SCHEMAS, ids=lambda schema: schema.name)
def schema(request):
    return request.param


def test_the_schema_in_the_repository_is_that_of_the_code(schema):
    stored, current = (FOLDER / f"{schema.name}.yaml").read_text(), render_yaml(schema).decode()
    changes = "\n".join(islice(unified_diff(stored.splitlines(), current.splitlines(), "stored", "code", n=1), 40))
    assert not changes, f"The API has changed. Run `make schema` and commit docs/openapi.\n{changes}"


def test_the_schema_is_valid_openapi_3_1(schema):
    document = json.loads(render_json(schema))
    assert document["openapi"].startswith("3.1")
    validate_schema(document)


def test_the_schema_is_made_without_warnings(schema):
    SchemaGenerator(urlconf=schema.urlconf).get_schema(public=True)
    assert [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache] == []


def test_every_reference_leads_somewhere(schema):
    document = json.loads(render_json(schema))
    parts = {f"#/components/{kind}/{name}" for kind, named in document["components"].items() for name in named}
    assert set(_iter_references(document)) <= parts


def test_every_operation_has_a_name_of_its_own_and_a_sentence(schema):
    operations = list_operations(schema)
    assert len({operation.id for operation in operations}) == len(operations)
    assert [operation.id for operation in operations if not operation.details.get("summary")] == []


def test_every_operation_names_its_problems(schema):
    for operation in list_operations(schema):
        statuses = {*operation.details["responses"]}
        assert {"400", "403", "406", "429", "500", "503"} <= statuses, operation.id
        if "{" in operation.path:
            assert "404" in statuses, operation.id
        if "requestBody" in operation.details:
            assert {"409", "413", "415", "422"} <= statuses, operation.id


def test_every_operation_of_the_business_api_names_its_scopes():
    unscoped = [operation.id for operation in list_operations(BUSINESS_SCHEMA) if not operation.scopes]
    assert unscoped == []


def test_every_list_is_an_object_with_items(schema):
    document = build_document(schema)
    for operation in list_operations(schema):
        for media in operation.details["responses"].get("200", {}).get("content", {}).values():
            assert _resolve(document, media["schema"]).get("type") != "array", operation.id


def test_every_error_code_is_in_a_response():
    codes = set()
    for response in build_document(BUSINESS_SCHEMA)["components"]["responses"].values():
        codes |= {*response["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["code"]["enum"]}
    assert codes == {code.key for code in ErrorCode}


def _iter_references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from _iter_references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _iter_references(value)


def _resolve(document, schema):
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema
