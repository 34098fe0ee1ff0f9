"""Tests of a client’s tags in the business API."""

import pytest

from portal.clients.models import Tag
from tenants.context import use_business

pytestmark = pytest.mark.django_db


def test_tags_are_added_set_and_removed(api_program, acme, ana):
    program, path = api_program(), f"clients/{ana.pk}/tags/"
    program.post(path, {"name": "VIP"})
    program.post(path, {"name": "vip"})
    assert program.post(path, {"name": "New"}).json()["name"] == "New"
    assert [tag["name"] for tag in program.get(path).json()["items"]] == ["New", "VIP"]
    tags = program.put(path, {"items": [{"name": "new"}, {"name": "Gold"}]}).json()["items"]
    assert [tag["name"] for tag in tags] == ["Gold", "New"]
    assert program.delete(f"{path}{tags[0]['id']}/").status_code == 204
    assert program.get(path).json()["items"] == tags[1:]
    with use_business(acme):
        assert Tag.objects.filter(name="Gold").exists()


def test_tags_that_somebody_else_changed_are_not_overwritten(api_program, ana):
    program, path = api_program(), f"clients/{ana.pk}/tags/"
    seen = program.get(path)["ETag"]
    program.post(path, {"name": "VIP"})
    assert program.put(path, {"items": []}, **{"If-Match": seen}).status_code == 412
    assert len(program.get(path).json()["items"]) == 1


def test_new_tags_are_created_once_each_with_colours_in_turn(api_program, acme, ana):
    program, path = api_program(), f"clients/{ana.pk}/tags/"
    names = [{"name": name} for name in ("Gold", "GOLD", "Straße", "STRAẞE", "New")]
    tags = program.put(path, {"items": names}).json()["items"]
    assert [tag["name"] for tag in tags] == ["Gold", "New", "Straße"]
    with use_business(acme):
        assert Tag.objects.count() == 3
    assert len({tag["colour"] for tag in tags}) == 3
