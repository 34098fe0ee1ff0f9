"""Tests that combined writes take one statement, and write everything or nothing."""

from datetime import UTC, datetime

import pytest

from portal.access.kinds import AccessEvent
from portal.activity.models import Entry
from portal.activity.services import build_entry
from portal.clients.models import Client, Note
from tenants.combined_writes import insert_all, insert_all_if_updated
from tenants.context import use_business
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def ana(acme):
    with use_business(acme):
        yield ClientFactory(name="Ana Pereira", email="ana@example.com")


def build_client_rename(client, *, to: str, only_from: str = "Ana Pereira"):
    return "UPDATE clients_client SET name = %s WHERE id = %s AND name = %s", [to, client.pk, only_from]


def build_note(client):
    return Note(client=client, body="Left knee’s \\ “worse”", author_name="Timo", created_at=AT)


def build_sign_in_entry(client):
    return build_entry(AccessEvent.SIGNED_IN, at=AT, client_id=client.pk, device="Firefox", count=2)


def test_rows_and_updates_take_one_statement(ana):
    with capture_statements() as captured:
        insert_all(build_note(ana), build_sign_in_entry(ana), extra_updates=[build_client_rename(ana, to="Ana P.")])

    assert len(captured.queries) == 1
    assert (Note.objects.count(), Entry.objects.count(), Client.objects.get().name) == (1, 1, "Ana P.")


def test_rows_are_inserted_with_the_update_they_depend_on(ana):
    note, line = build_note(ana), build_sign_in_entry(ana)
    with capture_statements() as captured:
        assert insert_all_if_updated(
            build_client_rename(ana, to="Ana P."),
            note,
            line,
            extra_updates=[build_client_rename(ana, to="nobody", only_from="Bo")],
        )

    assert len(captured.queries) == 1
    note.refresh_from_db()
    assert (note.body, note.created_at, note.edited_at) == ("Left knee’s \\ “worse”", AT, None)
    assert Entry.objects.get().data == {"device": "Firefox", "count": 2}
    assert Client.objects.get().name == "Ana P."


def test_nothing_is_written_if_the_update_changes_no_row(ana):
    note = build_note(ana)
    language = "UPDATE clients_client SET language = 'de' WHERE id = %s", [ana.pk]
    assert not insert_all_if_updated(
        build_client_rename(ana, to="Ana P.", only_from="Bo Lind"),
        note,
        build_sign_in_entry(ana),
        extra_updates=[language],
    )

    assert not Note.objects.exists()
    assert not Entry.objects.exists()
    assert (Client.objects.get().name, Client.objects.get().language) == ("Ana Pereira", ana.language)
    assert note._state.adding
