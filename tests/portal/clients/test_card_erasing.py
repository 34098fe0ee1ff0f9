"""Tests that nothing is left of an erased client but what the accounts need."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.access.models import Challenge, ClientSession
from portal.activity.models import Entry
from portal.cards.services import erase_client, merge_clients
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, CustomField, Note, Suggestion, Tag
from portal.clients.uploads.models import FileChunk, Upload, UploadRow
from portal.intake.models import Enquiry
from portal.messaging.models import ChatMessage, Message, Notification, Suppression
from tenants.context import use_business
from tenants.models import Delivery, DeliveryState
from tenants.nouns import registry
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, ClientSessionFactory

ANA, MOBILE = "ana@example.com", "+447700900101"
TRACES = ("ana", "pereira", "447700900101", "101", "left knee", "zebra", "10.9.9.9", "iphone")


@pytest.fixture
def staff_actor():
    return StaffActor(person_id=uuid.UUID("6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"), name="Sabine Acker", ip="10.0.0.1")


@pytest.fixture
def ana(acme, ana, now, portal_client):
    """Ana, with rows in every table, an open attempt and a pending code."""
    with use_business(acme):
        field = CustomField.objects.create(name="Pet")
        ana.language, ana.custom = "de", {str(field.pk): "zebra"}
        ana.save()
        ana.tags.add(Tag.objects.create(name="Left knee"))
        Note.objects.create(client=ana, body="Left knee.", created_at=now)
        ClientSessionFactory(client=ana, device="Safari on iPhone", expires_at=now + timedelta(hours=1))
        ChatMessage.objects.create(client=ana, sender="client", body="My left knee", written_at=now)
        Notification.objects.create(
            person_id=uuid.uuid4(), kind="new-message", subject="Ana Pereira", path="x", subject_id=ana.pk, at=now
        )
        Suppression.objects.create(value=ANA, channel="email", reason="bounced", since=now)
        Suggestion.objects.create(client=ana, kind="name", value="Ana Maria", source="contact-form", created_at=now)
        typed = {"clients": [str(ana.pk)], "name": "Ana"}
        Suggestion.objects.create(
            kind="ambiguous", value=ANA, submitted_data=typed, source="contact-form", created_at=now
        )
        unclear = {
            "idempotency_key": uuid.uuid4(),
            "network_digest": b"x",
            "received_at": now,
            "match_result": "ambiguous",
        }
        Enquiry.objects.create(name="A. P.", email=ANA, message="left knee", **unclear)
        Message.objects.create(
            kind=AccessMessageKind.CONTACT_CHANGED, channel="email", to=ANA, data={"new": "ana"}, created_at=now
        )
        fields = {"idempotency_key": uuid.uuid4(), "network_digest": b"x", "received_at": now}
        sent = Enquiry.objects.create(client=ana, name="Ana", email=ANA, message="left knee", **fields)
        Notification.objects.create(
            person_id=uuid.uuid4(), kind="contact-form", subject="Ana", path="x", subject_id=sent.pk, at=now
        )
        upload = Upload.objects.create(name="list.csv", kind="csv", size=3, state="done", created_at=now)
        FileChunk.objects.create(upload=upload, number=0, data=b"Ana Pereira")
        row = {
            "name": "Ana Pereira",
            "emails": [ANA],
            "phones": [MOBILE],
            "undo_data": {"name": "Ana"},
            "search": "ana",
        }
        UploadRow.objects.create(upload=upload, number=1, client_id=ana.pk, outcome="new", **row)
        person = {"actor": "client", "actor_name": "Ana Pereira", "ip": "10.9.9.9"}
        Entry.objects.create(
            at=now, event_type=AccessEvent.SIGNED_IN, client=ana, data={"device": "Safari on iPhone"}, **person
        )
        change = {"before": {"name": "Ana Pereira"}, "after": {"name": "Ana"}, "source": "upload"}
        Entry.objects.create(
            at=now, event_type=ClientEvent.CHANGED, client=ana, actor="staff", actor_name="Timo", data=change
        )
    portal_client(acme).post("/sign-in/", {"identifier": ANA})
    return ana


def erase_ana(acme, ana, staff, now):
    with use_business(acme):
        erase_client(client=ana, business=acme, staff=staff, now=now)
        return Client.objects.get(pk=ana.pk)


def read_all_tables(acme):
    """Return all text in every table of the business."""
    with use_business(acme), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [acme.schema_name])
        tables = [name for (name,) in cursor.fetchall() if name not in ("django_migrations", "branding_portalsettings")]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found[table] = "\n".join(row for (row,) in cursor.fetchall()).lower()
        return found


def test_erasing_removes_personal_data_from_every_table(acme, ana, staff_actor, now):
    assert any("pereira" in text for text in read_all_tables(acme).values())
    erase_ana(acme, ana, staff_actor, now)

    left = {
        (table, trace)
        for table, text in read_all_tables(acme).items()
        for trace in TRACES
        for line in text.split("\n")
        if trace in line.replace(str(ana.pk), "")
        and table not in ("clients_customfield", "clients_tag")
        and not _matches_by_chance(trace)
    }
    assert left == set()


def _matches_by_chance(trace):
    """Tell whether a trace may be part of any key or instant by chance."""
    return trace in ("101",)


def test_contacts_are_erased_after_the_rows_that_are_found_by_them():
    keys = [policy.key for policy in registry.list_personal_data_policies()]
    before_contacts = keys[: keys.index("contacts")]
    assert {"enquiries", "reported-identifiers", "sign-ins", "messages", "suppressions"} < set(before_contacts)


def test_an_anonymised_client_stays(acme, ana, staff_actor, now):
    shell = erase_ana(acme, ana, staff_actor, now)

    assert (shell.name, shell.status, shell.language, shell.custom, shell.erased_at) == (
        "Erased client",
        "archived",
        "",
        {},
        now,
    )
    with use_business(acme):
        assert not shell.tags.exists()
        assert not Client.objects.exclude_unlisted().exists()
        assert not [
            model
            for model in (
                Contact,
                Note,
                ClientSession,
                Challenge,
                ChatMessage,
                Suggestion,
                Enquiry,
                Notification,
                Suppression,
            )
            if model.objects.exists()
        ]
        assert UploadRow.objects.filter(client_id=ana.pk).count() == 1
        assert bytes(FileChunk.objects.get().data) == b"\r\n"


def test_the_timeline_keeps_events_and_staff_names(acme, ana, staff_actor, now):
    with use_business(acme):
        before = Entry.objects.filter(client=ana).count()
    erase_ana(acme, ana, staff_actor, now)

    with use_business(acme):
        lines = Entry.objects.filter(client=ana)
        changed, signed_in = lines.get(event_type=ClientEvent.CHANGED), lines.get(event_type=AccessEvent.SIGNED_IN)
        erasure_entry = lines.get(event_type=ClientEvent.ERASED)
        assert lines.count() == before + 2, "that sessions ended, and that the client was erased"
    assert (changed.actor_name, changed.data) == ("Timo", {"source": "upload"})
    assert (signed_in.actor_name, signed_in.ip, signed_in.data) == ("", None, {})
    assert (erasure_entry.actor_name, erasure_entry.actor_id, erasure_entry.ip, erasure_entry.data.keys()) == (
        "Sabine Acker",
        staff_actor.person_id,
        "10.0.0.1",
        {"erased"},
    )


def test_the_timeline_is_append_only_again_after_erasing(acme, ana, staff_actor, now):
    erase_ana(acme, ana, staff_actor, now)
    with use_business(acme), pytest.raises(Exception, match="only ever added"):
        Entry.objects.update(data={"x": 1})


def test_pending_deliveries_are_withdrawn_and_never_sent(acme, ana, staff_actor, now, outbox):
    with use_business(acme):
        pending = list(Message.objects.filter(kind=AccessMessageKind.SIGN_IN_CODE).values_list("pk", flat=True))
    assert pending
    erase_ana(acme, ana, staff_actor, now)
    outbox.deliver_due()

    assert outbox.sent() == []
    states = set(Delivery.objects.filter(message_id__in=pending).values_list("state", flat=True))
    assert states == {DeliveryState.VOID}


def test_merged_duplicates_are_erased_too(acme, ana, staff_actor, now):
    with use_business(acme):
        other = ClientFactory(name="Ana Pereira-Lima", email="lima@example.com")
        merge_clients(survivor=ana, duplicate=other, staff=staff_actor, now=now)
    erase_ana(acme, ana, staff_actor, now)

    with use_business(acme):
        assert set(Client.objects.values_list("name", flat=True)) == {"Erased client"}
        assert "Lima" not in str([entry.data for entry in Entry.objects.all()])


def test_a_client_with_the_same_email_address_keeps_their_data(acme, ana, staff_actor, now):
    with use_business(acme):
        mia = ClientFactory(name="Mia", email=ANA)
    erase_ana(acme, ana, staff_actor, now)

    with use_business(acme):
        assert mia.contacts.get().value == ANA
        assert Suppression.objects.filter(value=ANA).exists()
        assert Entry.objects.filter(client=mia).count() == 0


def test_unmatched_sign_in_attempts_are_erased_unless_another_client_has_the_address(
    acme, ana, staff_actor, now, portal_client
):
    with use_business(acme):
        Client.objects.filter(pk=ana.pk).update(status="archived")
        portal_client(acme).post("/sign-in/", {"identifier": ANA})
        typed = Entry.objects.get(client=None, event_type=AccessEvent.CODE_REQUESTED)
        assert typed.data["typed"] == "a•••@example.com"
        mia = ClientFactory(name="Mia", email=ANA)
    erase_ana(acme, ana, staff_actor, now)
    with use_business(acme):
        typed.refresh_from_db()
        assert typed.data["typed"], "it may have been Mia"
    erase_ana(acme, mia, staff_actor, now)

    with use_business(acme):
        typed.refresh_from_db()
        assert typed.data == {"channel": "email", "known": False, "sendable": False}
        assert not Challenge.objects.exists()


def test_erasing_again_changes_nothing(acme, ana, staff_actor, now):
    erase_ana(acme, ana, staff_actor, now)
    with use_business(acme):
        before = Entry.objects.count()
    erase_ana(acme, ana, staff_actor, now + timedelta(days=1))

    with use_business(acme):
        assert Entry.objects.count() == before


def test_the_page_asks_for_the_name_and_shows_the_anonymised_client_afterwards(acme, ana, staff_client):
    browser, place = staff_client("manager"), f"/console/acme/clients/{ana.pk}/"
    for typed in ("", "Ana", "Erased client"):
        assert browser.post(f"{place}erasure/", {"name": typed}).status_code == 422
    assert browser.post(f"{place}erasure/", {"name": " ana  PEREIRA"}).status_code == 302

    shown = browser.get(place)
    assert "Erased client" in shown.content.decode()
    assert "pereira" not in shown.content.decode().lower()
    for page in ("edit/", "contacts/", "notes/", "sessions/", "merge/", "erasure/"):
        assert browser.get(place + page).status_code == 404, page
    assert browser.post(f"{place}restoration/").status_code == 404
