"""Tests of tags in the business API."""

import pytest

from portal.clients.models import Tag
from tenants.context import use_business

pytestmark = pytest.mark.django_db


def test_a_tag_is_created_read_changed_and_deleted(api_program, acme):
    program = api_program()
    created = program.post("tags/", {"name": "VIP", "colour": "red"})
    assert created.status_code == 201, created.content
    tag = created.json()
    assert tag == {"id": tag["id"], "name": "VIP", "colour": "red", "client_count": 0}
    assert program.get("tags/").json() == {"items": [tag]}
    assert program.patch(f"tags/{tag['id']}/", {"name": "Gold"}).json() == tag | {"name": "Gold"}
    assert program.get(f"tags/{tag['id']}/").json()["name"] == "Gold"
    assert program.delete(f"tags/{tag['id']}/").status_code == 204
    with use_business(acme):
        assert not Tag.objects.exists()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"name": "VIP", "color": "red"}, "color", "unknown_field"),
        ({"name": "VIP", "id": "1"}, "id", "read_only_field"),
        ({"colour": "red"}, "name", "required"),
        ({"name": "\u200b "}, "name", "blank"),
        ({"name": "VIP", "colour": "puce"}, "colour", "invalid_choice"),
        ({"name": ["VIP"]}, "name", "invalid"),
        ({"name": "V" * 41}, "name", "max_length"),
        ({"name": "vip"}, "name", "name_taken"),
        ([], "", "invalid"),
    ],
)
def test_a_wrong_field_is_named(api_program, acme, body, field, code):
    with use_business(acme):
        Tag.objects.create(name="VIP")
    answer = api_program().post("tags/", body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]


def test_another_business_s_tag_is_not_found(api_program, globex):
    with use_business(globex):
        tag = Tag.objects.create(name="VIP")
    program = api_program()
    for answer in (
        program.get(f"tags/{tag.pk}/"),
        program.patch(f"tags/{tag.pk}/", {}),
        program.delete(f"tags/{tag.pk}/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_reading_doesn_t_include_writing(api_program):
    program = api_program(["clients:read"])
    assert program.get("tags/").status_code == 200
    assert program.post("tags/", {"name": "VIP"}).json()["code"] == "forbidden"


def test_a_key_may_do_no_more_than_who_made_it(api_program):
    program = api_program(["clients:read", "clients:write"], role="read-only")
    assert program.get("tags/").status_code == 200
    assert program.post("tags/", {"name": "VIP"}).json()["code"] == "forbidden"


def test_a_list_of_tags_has_only_the_fields_that_are_asked_for(api_program):
    program = api_program()
    program.post("tags/", {"name": "VIP"})
    assert program.get("tags/?fields=name").json() == {"items": [{"name": "VIP"}]}
    answer = program.get("tags/?fields=name,rowid")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_field")
