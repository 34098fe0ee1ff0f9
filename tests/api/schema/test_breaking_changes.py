"""Tests that a change which breaks programs is named, and that no version since the last release has one."""

import copy
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from api.management.commands import write_api_schemas
from api.schema.breaking_changes import find_breaking_changes
from api.schema.documents import SCHEMAS, VERSION, render_json

RELEASED = settings.BASE_DIR / "docs" / "openapi" / "released"
THING = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "size": {"type": "integer"},
        "parts": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
    },
    "required": ["id"],
}
SENT = {
    "type": "object",
    "properties": {
        "size": {"type": ["integer", "null"]},
        "colour": {"type": "string", "enum": ["red", "blue"]},
        "name": {"type": "string", "maxLength": 40},
    },
    "required": ["size"],
}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/things/": {
            "post": {
                "parameters": [{"name": "dry", "in": "query", "schema": {"type": "boolean"}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}}},
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                    "404": {"description": "Not found"},
                },
            },
            "get": {"responses": {"200": {"description": "Done."}}},
        }
    },
    "components": {"schemas": {"Thing": THING, "Sent": SENT, "Part": {"type": "object"}}},
}
POST = "POST /things/"


def change_document(change: Callable[[dict, dict, dict], Any]) -> dict:
    """Return a copy of the document after a change of its operation, of what is sent, or of what is answered."""
    document = copy.deepcopy(DOCUMENT)
    schemas = document["components"]["schemas"]
    change(document["paths"]["/things/"], schemas["Sent"], schemas["Thing"])
    return document


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda path, sent, thing: path.pop("get"), "GET /things/: the operation was removed"),
        (lambda path, sent, thing: path["post"]["parameters"].pop(), f"{POST}, parameter dry: it was removed"),
        (
            lambda path, sent, thing: path["post"]["parameters"][0].update(required=True),
            f"{POST}, parameter dry: it is required now",
        ),
        (
            lambda path, sent, thing: path["post"]["parameters"].append(
                {"name": "why", "in": "query", "required": True, "schema": {}}
            ),
            f"{POST}, parameter why: it is new and required",
        ),
        (
            lambda path, sent, thing: path["post"]["requestBody"].update(required=True),
            f"{POST}: a body is required now",
        ),
        (
            lambda path, sent, thing: path["post"]["requestBody"]["content"].clear(),
            f"{POST}: application/json is refused now",
        ),
        (lambda path, sent, thing: sent["required"].append("name"), f"{POST}, body.name: it is required now"),
        (lambda path, sent, thing: sent["properties"].pop("name"), f"{POST}, body.name: it was removed"),
        (
            lambda path, sent, thing: sent["properties"]["size"].update(type="integer"),
            f"{POST}, body.size: null is refused now",
        ),
        (
            lambda path, sent, thing: sent["properties"]["colour"]["enum"].remove("red"),
            f"{POST}, body.colour: the value red is refused now",
        ),
        (
            lambda path, sent, thing: sent["properties"]["name"].update(enum=["a"]),
            f"{POST}, body.name: the value any other is refused now",
        ),
        (
            lambda path, sent, thing: sent["properties"]["name"].update(maxLength=20),
            f"{POST}, body.name: maxLength fell to 20",
        ),
        (
            lambda path, sent, thing: sent["properties"]["name"].update(minLength=2),
            f"{POST}, body.name: minLength rose to 2",
        ),
        (lambda path, sent, thing: path["post"]["responses"].pop("201"), f"{POST}: the response 201 was removed"),
        (lambda path, sent, thing: thing["properties"].pop("id"), f"{POST}, response 201.id: it was removed"),
        (lambda path, sent, thing: thing["required"].remove("id"), f"{POST}, response 201.id: it may be missing now"),
        (
            lambda path, sent, thing: thing["properties"]["size"].update(type=["integer", "null"]),
            f"{POST}, response 201.size: null is answered now",
        ),
        (
            lambda path, sent, thing: thing["properties"]["parts"]["items"]["properties"].clear(),
            f"{POST}, response 201.parts[].name: it was removed",
        ),
    ],
)
def test_a_change_that_breaks_programs_is_named(change, sentence):
    assert find_breaking_changes(DOCUMENT, change_document(change)) == [sentence]


@pytest.mark.parametrize(
    "change",
    [
        lambda path, sent, thing: path.update(put={"responses": {}}),
        lambda path, sent, thing: path["post"]["parameters"].append({"name": "why", "in": "query", "schema": {}}),
        lambda path, sent, thing: sent["properties"].update(more={"type": "string"}),
        lambda path, sent, thing: sent["required"].clear(),
        lambda path, sent, thing: sent["properties"]["colour"]["enum"].append("green"),
        lambda path, sent, thing: thing["properties"].update(more={"type": "string"}),
        lambda path, sent, thing: path["post"]["responses"].pop("404"),
    ],
)
def test_a_change_that_adds_something_breaks_nothing(change):
    assert find_breaking_changes(DOCUMENT, change_document(change)) == []


def test_a_component_of_another_name_is_named():
    document = copy.deepcopy(DOCUMENT)
    document["components"]["schemas"]["Piece"] = document["components"]["schemas"].pop("Part")
    assert find_breaking_changes(DOCUMENT, document) == ["Part: the component was removed"]


def test_a_component_that_contains_itself_is_compared_once():
    document = change_document(
        lambda path, sent, thing: thing["properties"].update(parent={"$ref": "#/components/schemas/Thing"})
    )
    assert find_breaking_changes(document, document) == []


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_no_released_version_is_broken(schema):
    current = json.loads(render_json(schema))
    broken = {
        path.name: find_breaking_changes(yaml.safe_load(path.read_text()), current)
        for path in sorted(RELEASED.glob(f"{schema.name}-*.yaml"))
    }
    assert {name: changes for name, changes in broken.items() if changes} == {}


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_an_operation_that_is_taken_from_a_release_is_named(schema):
    current = json.loads(render_json(schema))
    paths = sorted(RELEASED.glob(f"{schema.name}-*.yaml"))
    assert paths
    for path in paths:
        released = yaml.safe_load(path.read_text())
        place, methods = next(iter(released["paths"].items()))
        broken = current | {"paths": {key: value for key, value in current["paths"].items() if key != place}}
        sentences = [f"{method.upper()} {place}: the operation was removed" for method in methods]
        assert set(sentences) <= set(find_breaking_changes(released, broken)), path


def test_a_release_is_not_written_anew_with_other_operations(monkeypatch, tmp_path):
    monkeypatch.setattr(write_api_schemas, "FOLDER", tmp_path)
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    released = tmp_path / "released" / f"{SCHEMAS[0].name}-{VERSION}.yaml"
    call_command("write_api_schemas", released=True, verbosity=0, stdout=io.StringIO())
    call_command("write_api_schemas", released=True, verbosity=0, stdout=io.StringIO())
    released.write_text("other")
    with pytest.raises(CommandError, match="Raise VERSION"):
        call_command("write_api_schemas", released=True, verbosity=0, stdout=io.StringIO())
    assert released.read_text() == "other"
