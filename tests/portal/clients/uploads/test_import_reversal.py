"""Undoing an import restores the client list, and changes nothing else."""

from uuid import UUID

import pytest
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.identifiers import parse_email
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, ContactSource, Note, Suggestion, Tag
from portal.clients.services import build_search_text
from portal.clients.uploads import services
from portal.clients.uploads.import_reversal import undo_import_chunk
from tests.factories import ClientFactory
from tests.lock_contention import run_blocked

LIST = (
    "Name,Email,Phone,Language,Tags,Note\n"
    "Ana Pereira,ANA@example.com,0171 1234567,de,VIP; new,likes tea\n"
    "Bo Sand,bo@example.com,,en,vip,\n"
)

pytestmark = pytest.mark.usefixtures("in_acme")


def count_row_outcomes(upload, *keys):
    return tuple(upload.counts.get(key, 0) for key in keys)


def test_undo_deletes_created_clients_and_restores_changed_ones(import_rows, run_upload_job, listed_clients, now):
    clients.add_client(name="Pereira, Ana", identifiers=[parse_email("ana@example.com")], now=now)
    upload = import_rows(LIST, on_match="overwrite")
    assert len(listed_clients()) == 2

    services.undo_import(upload=upload, staff=None, now=now)
    run_upload_job(upload)

    assert listed_clients() == {"Pereira, Ana": ["ana@example.com"]}
    ana = Client.objects.get()
    assert (ana.language, ana.search, ana.notes.count()) == (
        "",
        build_search_text("Pereira, Ana", ["ana@example.com"]),
        0,
    )
    assert not Tag.objects.exists()
    assert (upload.state, count_row_outcomes(upload, "removed", "reverted", "retained")) == ("undone", (1, 1, 0))
    assert Entry.objects.filter(event_type=ClientEvent.IMPORT_UNDONE, subject_id=upload.pk).exists()


TOUCHES = {
    "a change": lambda client, now: Client.objects.filter(pk=client.pk).update(name="Bo S.", updated_at=now),
    "a note": lambda client, now: Note.objects.create(client=client, body="called", created_at=now),
    "a line": lambda client, now: clients.archive_client(client=client, now=now),
    "an address": lambda client, now: clients.add_contact(
        client=client, identifier=parse_email("bo@work.example"), source=ContactSource.STAFF, now=now
    ),
    "a tag": lambda client, now: client.tags.add(Tag.objects.create(name="old")),
    "something else": lambda client, now: Suggestion.objects.create(
        client=client, kind="name", source="contact-form", created_at=now
    ),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_undo_keeps_touched_clients(import_rows, run_upload_job, listed_clients, now, touch):
    upload = import_rows(LIST)
    TOUCHES[touch](Client.objects.get(name="Bo Sand"), timezone.now())

    services.undo_import(upload=upload, staff=None, now=now)
    run_upload_job(upload)

    assert len(listed_clients()) == 1
    assert count_row_outcomes(upload, "removed", "retained") == (1, 1)


def test_undo_leaves_later_changes(import_rows, run_upload_job, now):
    clients.add_client(name="Pereira, Ana", identifiers=[parse_email("ana@example.com")], now=now)
    upload = import_rows(LIST, on_match="overwrite")
    Client.objects.filter(name="Ana Pereira").update(name="Ana Pereira-Sand")

    services.undo_import(upload=upload, staff=None, now=now)
    run_upload_job(upload)

    ana = Client.objects.get()
    assert (ana.name, ana.language) == ("Ana Pereira-Sand", "")


def test_a_list_can_be_uploaded_again_after_it_was_undone(import_rows, run_upload_job, listed_clients, now):
    upload = import_rows(LIST)
    services.undo_import(upload=upload, staff=None, now=now)
    run_upload_job(upload)

    import_rows(LIST)

    assert len(listed_clients()) == 2


@pytest.fixture
def undone_import(committed_db, in_acme, import_rows, now):
    """An import that begins to be undone; it has changed two cards, the one with the higher key first."""
    for number in (2, 1):
        ClientFactory(id=UUID(int=number), name=f"Ana {number}", email=f"ana{number}@example.com")
    upload = import_rows(
        "Name,Email,Language\nAna 2,ana2@example.com,de\nAna 1,ana1@example.com,de\n", on_match="overwrite"
    )
    services.undo_import(upload=upload, staff=None, now=now)
    upload.refresh_from_db()
    return upload


def test_undo_waits_for_a_change_of_a_card_and_leaves_it(undone_import, in_acme, now):
    with run_blocked(lambda: undo_import_chunk(undone_import, now=now), business=in_acme) as results:
        Client.objects.filter(pk=UUID(int=1)).update(name="Ana Sand", language="en")
    assert results == [True]
    assert set(Client.objects.values_list("name", "language")) == {("Ana Sand", "en"), ("Ana 2", "")}


def test_undo_locks_cards_in_the_order_of_their_keys(undone_import, in_acme, now):
    lower, higher = (Client.objects.select_for_update(no_key=True).filter(pk=UUID(int=number)) for number in (1, 2))
    undo = {"business": in_acme, "once_blocked": higher.get}
    with run_blocked(lambda: undo_import_chunk(undone_import, now=now), **undo) as results:
        lower.get()
    assert results == [True]
