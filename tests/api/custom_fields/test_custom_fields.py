"""Tests of custom fields in the business API."""

import pytest

from portal.clients.models import CustomField
from tenants.context import use_business

pytestmark = pytest.mark.django_db


def test_a_field_is_added_changed_and_removed(api_program, acme):
    program = api_program()
    added = program.post("custom-fields/", {"name": "Size", "kind": "choice", "choices": ["S", "L"]})
    assert added.status_code == 201, added.content
    field = added.json()
    path = f"custom-fields/{field['id']}/"
    assert field == {"id": field["id"], "name": "Size", "kind": "choice", "choices": ["S", "L"]}
    assert program.patch(path, {"choices": ["S", "M"]}).json() == field | {"choices": ["S", "M"]}
    assert program.patch(path, {"name": "Fit"}).json()["choices"] == ["S", "M"]
    assert program.delete(path).status_code == 204
    assert program.get("custom-fields/").json() == {"items": []}


def test_fields_are_put_into_an_order(api_program, acme):
    program = api_program()
    ids = [program.post("custom-fields/", {"name": name, "kind": "text"}).json()["id"] for name in "abc"]
    ordered = program.put("custom-fields/order/", {"ids": [ids[2], ids[0], ids[1]]}).json()["items"]
    assert [field["name"] for field in ordered] == ["c", "a", "b"]
    for wrong in (ids[:2], [*ids, ids[0]], [*ids[:2], "00000000-0000-0000-0000-000000000000"]):
        answer = program.put("custom-fields/order/", {"ids": wrong})
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert [field["name"] for field in program.get("custom-fields/").json()["items"]] == ["c", "a", "b"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"name": "Fit"}, "kind", "required"),
        ({"name": "Fit", "kind": "colour"}, "kind", "invalid_choice"),
        ({"name": "size", "kind": "text"}, "name", "name_taken"),
        ({"name": "Fit", "kind": "choice"}, "choices", "required"),
        ({"name": "Fit", "kind": "text", "choices": ["S"]}, "choices", "not_allowed"),
        ({"name": "Fit", "kind": "choice", "choices": ["S", "S"]}, "choices", "repeated"),
        ({"name": "Fit", "kind": "text", "position": 1}, "position", "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_field_is_named(api_program, acme, body, field, code):
    with use_business(acme):
        CustomField.objects.create(name="Size")
    answer = api_program().post("custom-fields/", body)
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_the_kind_of_a_field_stays(api_program, acme):
    with use_business(acme):
        field = CustomField.objects.create(name="Size")
    answer = api_program().patch(f"custom-fields/{field.pk}/", {"kind": "number"})
    assert answer.json()["errors"][0]["code"] == "read_only_field"


def test_another_business_s_field_is_not_found(api_program, globex):
    with use_business(globex):
        field = CustomField.objects.create(name="Size")
    program, path = api_program(), f"custom-fields/{field.pk}/"
    for answer in (program.get(path), program.patch(path, {}), program.delete(path)):
        assert answer.status_code == 404


def test_fields_are_read_with_clients_and_changed_with_a_scope_of_their_own(api_program):
    body = {"name": "Size", "kind": "text"}
    assert api_program(["clients:read"]).get("custom-fields/").status_code == 200
    for program in (api_program(["clients:write"]), api_program(["custom-fields:write"], role="staff")):
        assert program.post("custom-fields/", body).json()["code"] == "forbidden"
