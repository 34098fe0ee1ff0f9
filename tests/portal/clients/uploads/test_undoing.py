"""Is a list taken back whole, and nothing else with it?"""

import pytest
from django.utils import timezone

from portal.activity.event_types import EventType
from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.identifiers import parse_email
from portal.clients.models import Client, Contact, Note, Suggestion, Tag
from portal.clients.services import build_search_text
from portal.clients.uploads import services

LIST = "Name,Email,Phone,Language,Tags,Note\nAna Pereira,ANA@example.com,0171 1234567,de,VIP; new,likes tea\nBo Sand,bo@example.com,,en,vip,\n"

pytestmark = pytest.mark.usefixtures("at_acme")


def counts(upload, *words):
    return tuple(upload.counts.get(word, 0) for word in words)


def test_undoing_removes_who_came_and_puts_back_what_changed(import_rows, go, listed, now):
    clients.add_client(name="Ana P.", identifiers=[parse_email("ana@example.com")], now=now)
    upload = import_rows(LIST, on_match="overwrite")
    assert len(listed()) == 2

    services.undo_import(upload=upload, staff=None, now=now)
    go(upload)

    assert listed() == {"Ana P.": ["ana@example.com"]}
    ana = Client.objects.get()
    assert (ana.language, ana.search, ana.notes.count()) == ("", build_search_text("Ana P.", ["ana@example.com"]), 0)
    assert not Tag.objects.exists()
    assert (upload.state, counts(upload, "removed", "reverted", "retained")) == ("undone", (1, 1, 0))
    assert Entry.objects.filter(event_type=EventType.IMPORT_UNDONE, subject_id=upload.pk).exists()


TOUCHES = {
    "a change": lambda client, now: Client.objects.filter(pk=client.pk).update(name="Bo S.", updated_at=now),
    "a note": lambda client, now: Note.objects.create(client=client, body="called", created_at=now),
    "a line": lambda client, now: clients.archive_client(client=client, now=now),
    "an address": lambda client, now: clients.add_contact(
        client=client, identifier=parse_email("bo@work.example"), source=Contact.Source.STAFF, now=now
    ),
    "a tag": lambda client, now: client.tags.add(Tag.objects.create(name="old")),
    "something else": lambda client, now: Suggestion.objects.create(
        client=client, kind="name", source="contact-form", created_at=now
    ),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_undoing_keeps_whom_something_happened_to(import_rows, go, listed, now, touch):
    upload = import_rows(LIST)
    TOUCHES[touch](Client.objects.get(name="Bo Sand"), timezone.now())

    services.undo_import(upload=upload, staff=None, now=now)
    go(upload)

    assert len(listed()) == 1
    assert counts(upload, "removed", "retained") == (1, 1)


def test_undoing_leaves_what_was_changed_since(import_rows, go, now):
    clients.add_client(name="Ana P.", identifiers=[parse_email("ana@example.com")], now=now)
    upload = import_rows(LIST, on_match="overwrite")
    Client.objects.filter(name="Ana Pereira").update(name="Ana Pereira-Sand")

    services.undo_import(upload=upload, staff=None, now=now)
    go(upload)

    ana = Client.objects.get()
    assert (ana.name, ana.language) == ("Ana Pereira-Sand", "")


def test_a_list_can_be_uploaded_again_after_it_was_undone(import_rows, go, listed, now):
    upload = import_rows(LIST)
    services.undo_import(upload=upload, staff=None, now=now)
    go(upload)

    import_rows(LIST)

    assert len(listed()) == 2
