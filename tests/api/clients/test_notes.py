"""Tests of notes in the business API."""

import pytest

from tenants.context import use_business

pytestmark = pytest.mark.django_db


def test_a_note_is_added_changed_and_deleted(api_program, ana):
    program, path = api_program(), f"clients/{ana.pk}/notes/"
    added = program.post(path, {"body": "Called.\r\nWants\u200b Tuesday."})
    assert added.status_code == 201, added.content
    note = added.json()
    assert note["body"] == "Called.\nWants Tuesday."
    assert note["author_name"].endswith("(Sync)")
    assert program.get(path).json() == {"items": [note], "next_cursor": None}
    changed = program.patch(f"{path}{note['id']}/", {"body": "Friday."}).json()
    assert (changed["body"], changed["edited_at"] is None) == ("Friday.", False)
    assert program.delete(f"{path}{note['id']}/").status_code == 204
    assert program.get(f"{path}{note['id']}/").status_code == 404


def test_notes_are_listed_newest_first_in_pages(api_program, ana):
    program, path, bodies = api_program(), f"clients/{ana.pk}/notes/", []
    for number in range(5):
        program.post(path, {"body": str(number)})
    cursor = ""
    while cursor is not None:
        page = program.get(f"{path}?limit=2&fields=body&cursor={cursor}").json()
        bodies += page["items"]
        cursor = page["next_cursor"]
    assert bodies == [{"body": str(number)} for number in range(4, -1, -1)]


def test_only_its_author_may_change_a_note(api_program, acme, ana):
    note = api_program().post(f"clients/{ana.pk}/notes/", {"body": "Mine"}).json()["id"]
    other = api_program(role="staff")
    for answer in (
        other.patch(f"clients/{ana.pk}/notes/{note}/", {"body": "Yours"}),
        other.delete(f"clients/{ana.pk}/notes/{note}/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_author")
    with use_business(acme):
        assert ana.notes.get().body == "Mine"
