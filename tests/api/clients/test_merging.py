"""Tests of merging clients through the business API."""

import pytest

from portal.clients.models import Client
from tenants.context import use_business

pytestmark = pytest.mark.django_db


@pytest.fixture
def duplicate(api_program, ana):
    """The id of another client with Ana’s address, and another name."""
    body = {"name": "Anna", "language": "de", "contacts": [{"value": "ana@example.com"}], "add_anyway": True}
    return api_program().post("clients/", body).json()["id"]


def test_a_duplicate_is_previewed_and_merged(api_program, acme, ana, duplicate):
    program, path = api_program(), f"clients/{ana.pk}/merge/{duplicate}/"
    fields = {row["field"]: row for row in program.get(path).json()["merged_fields"]}
    assert (fields["name"]["is_open"], fields["name"]["result"]) == (True, ana.name)
    assert (fields["language"]["is_open"], fields["language"]["result"]) == (False, "de")
    merged = program.post(path, {"choices": {"name": "duplicate"}})
    assert merged.status_code == 200, merged.content
    assert (merged.json()["id"], merged.json()["name"]) == (str(ana.pk), "Anna")
    assert program.post(path, {}).status_code == 200
    answer = program.get(f"clients/{duplicate}/")
    assert (answer.status_code, answer.json()["merged_into"]) == (404, str(ana.pk))


def test_a_choice_that_is_not_open_is_refused(api_program, acme, ana, duplicate):
    answer = api_program().post(f"clients/{ana.pk}/merge/{duplicate}/", {"choices": {"language": "duplicate"}})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_merge_choices")
    with use_business(acme):
        assert not Client.objects.filter(merged_into=ana).exists()


def test_a_client_can_not_be_merged_with_itself(api_program, ana):
    answer = api_program().post(f"clients/{ana.pk}/merge/{ana.pk}/", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "merge_refused")


@pytest.mark.parametrize("body", [{"choices": {"name": "both"}}, {"choices": []}, {"choices": {"name": ["duplicate"]}}])
def test_a_choice_is_one_of_the_two(api_program, ana, duplicate, body):
    assert api_program().post(f"clients/{ana.pk}/merge/{duplicate}/", body).status_code == 422


def test_merging_needs_a_scope_and_a_role_of_its_own(api_program, ana, duplicate):
    path = f"clients/{ana.pk}/merge/{duplicate}/"
    for program in (api_program(["clients:write"]), api_program(["clients:merge"], role="staff")):
        assert program.post(path, {}).json()["code"] == "forbidden"
