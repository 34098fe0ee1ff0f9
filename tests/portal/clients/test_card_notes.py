"""Tests of notes and sessions on a client's card."""

import pytest

from portal.activity.models import Entry
from portal.clients.models import Note
from tenants.context import use_business
from tests.factories import ClientSessionFactory


def notes_url(ana, page=""):
    return f"/console/acme/clients/{ana.pk}/notes/{page}"


def test_a_note_is_written_changed_and_deleted_by_its_author(acme, ana, staff_client):
    browser = staff_client("staff")
    browser.post(notes_url(ana, "new/"), {"body": " Prefers mornings.\n<b>No</b> calls. "})
    with use_business(acme):
        note = Note.objects.get()
    assert (note.client_id, note.body, note.author_name) == (
        ana.pk,
        "Prefers mornings.\n<b>No</b> calls.",
        "Staff of Acme",
    )
    assert "&lt;b&gt;No&lt;/b&gt; calls." in browser.get(notes_url(ana)).content.decode()

    browser.post(notes_url(ana, f"{note.pk}/"), {"body": "Prefers evenings."})
    with use_business(acme):
        note.refresh_from_db()
    assert (note.body, bool(note.edited_at)) == ("Prefers evenings.", True)

    browser.post(notes_url(ana, f"{note.pk}/deletion/"))
    with use_business(acme):
        assert not Note.objects.exists()
        note_entries = Entry.objects.filter(event_type__startswith="clients.note-", actor="staff").exclude(
            actor_id=None
        )
        assert note_entries.count() == 3
        assert "evenings" not in str([entry.data for entry in note_entries]), "deleting a note deletes what it said"


@pytest.mark.parametrize("page", ["{}/", "{}/deletion/"])
def test_only_the_author_can_change_or_delete_a_note(acme, ana, staff_client, page):
    staff_client("staff").post(notes_url(ana, "new/"), {"body": "Mine."})
    with use_business(acme):
        note = Note.objects.get()
    other = staff_client("owner")

    assert other.post(notes_url(ana, page.format(note.pk)), {"body": "Yours."}).status_code == 403
    assert f"{note.pk}/deletion/" not in other.get(notes_url(ana)).content.decode()
    with use_business(acme):
        assert Note.objects.get().body == "Mine."


def test_an_empty_note_is_refused(ana, staff_client):
    assert staff_client("staff").post(notes_url(ana, "new/"), {"body": "  "}).status_code == 422


def test_sessions_are_listed_and_ended_one_by_one_or_all(acme, ana, staff_client):
    with use_business(acme):
        first, *_others = [
            ClientSessionFactory(client=ana, device=f"Firefox on {name}") for name in ("Linux", "Mac", "iPad")
        ]
    browser, place = staff_client("staff"), f"/console/acme/clients/{ana.pk}/sessions/"
    shown = browser.get(place).content.decode()
    assert all(f"Firefox on {name}" in shown for name in ("Linux", "Mac", "iPad"))

    browser.post(f"{place}{first.pk}/end/")
    with use_business(acme):
        assert ana.sessions.filter(ended_at=None).count() == 2
    browser.post(f"{place}end/")

    with use_business(acme):
        assert ana.sessions.filter(ended_at=None).count() == 0
        note_entries = Entry.objects.filter(event_type="access.session-ended", actor="staff").exclude(actor_id=None)
        assert sorted(entry.data.get("count", 1) for entry in note_entries) == [1, 2]
