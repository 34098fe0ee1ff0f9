"""The data that seeding creates for the demo's businesses."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.access.kinds import AccessEvent
from portal.access.models import Challenge, ClientSession
from portal.activity.models import Entry
from portal.branding.models import Logo, PortalSettings
from portal.clients.identifiers import can_receive_sms
from portal.clients.models import Client, ClientStatus, Contact, Note, SavedView, Suggestion
from portal.demo.services import BUSINESSES, remove_business, seed_business
from portal.intake.models import Enquiry
from portal.messaging.failure_reasons import REASONS
from portal.messaging.kinds import MessagingEvent
from portal.messaging.models import ChatMessage, ChatMessageSender, Message, Notification, Suppression
from tenants.context import use_business
from tenants.models import Business, Membership
from tenants.nouns import registry

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def _seeded_businesses(module_db) -> dict[str, Business | None]:
    """The demo's businesses, made anew once: no test here changes them."""
    for slug in BUSINESSES:
        remove_business(slug)
    return {slug: seed_business(slug, now=NOW) for slug in BUSINESSES}


@pytest.fixture(params=BUSINESSES)
def demo_business(request, _seeded_businesses, db):
    """One of the demo's businesses, with the thread in its schema."""
    with use_business(_seeded_businesses[request.param]) as business:
        yield business


@pytest.fixture
def seeded_acme(_seeded_businesses, db):
    """The demo's Acme, with the thread in its schema."""
    with use_business(_seeded_businesses["acme"]) as business:
        yield business


def _list_contact_values(name):
    return set(Contact.objects.filter(client__name=name).values_list("value", flat=True))


def test_every_client_the_readme_names_exists(demo_business):
    assert Client.objects.count() == 40
    assert _list_contact_values("Ana Pereira") == {"ana@example.com", "+447700900101"}
    assert _list_contact_values("Bo Lind") == {"bo@example.com"}
    assert _list_contact_values("Chi Okafor") == {"+447700900103"}
    assert Contact.objects.filter(value="family@example.com").count() == 2
    archived = Client.objects.get(contacts__value="gone@example.com")
    assert archived.status == ClientStatus.ARCHIVED


def test_the_portal_has_branding_and_its_numbers_can_receive_texts(demo_business):
    portal_settings = PortalSettings.objects.get()
    assert portal_settings.welcome
    assert bytes(Logo.objects.get().image).startswith(b"\x89PNG")
    assert len(bytes(Logo.objects.get().image)) < 4_000
    assert all(
        can_receive_sms(number, countries=portal_settings.sms_countries)
        for number in Contact.objects.filter(kind="phone").values_list("value", flat=True)
    )


def test_the_history_is_varied_and_lies_in_the_past(seeded_acme):
    event_types = set(Entry.objects.values_list("event_type", flat=True))
    assert event_types >= {
        AccessEvent.SIGNED_IN,
        AccessEvent.CODE_REJECTED,
        MessagingEvent.BOUNCED,
        MessagingEvent.DEFERRED,
        AccessEvent.CODE_RESENT,
    }
    assert not Entry.objects.exclude(event_type__in=registry.get_event_type_labels()).exists()
    assert not Entry.objects.filter(at__gt=NOW).exists()
    assert {reason for reason in Message.objects.values_list("reason", flat=True) if reason} <= set(REASONS)
    assert ClientSession.objects.filter(ended_at=None, expires_at__gt=NOW).exists()


def test_nobody_signed_in_today_or_after_being_archived(seeded_acme):
    assert not Challenge.objects.filter(created_at__gt=NOW - timedelta(days=1)).exists()
    assert not Message.objects.filter(created_at__gt=NOW - timedelta(days=1)).exists()
    for client in Client.objects.exclude(archived_at=None):
        assert not Challenge.objects.filter(client=client, created_at__gt=client.archived_at).exists()


def test_cards_have_tags_notes_custom_fields_and_the_last_sign_in(demo_business):
    assert Client.tags.through.objects.count() > 20
    assert Note.objects.count() == 14
    assert sum(1 for client in Client.objects.all() if client.custom) > 30
    assert SavedView.objects.filter(person_id=None).count() == 2
    signed_in = Client.objects.exclude(signed_in_at=None)
    assert signed_in.count() > 20
    for client in signed_in:
        assert client.signed_in_at == client.sessions.latest("created_at").created_at


def test_one_client_s_address_is_suppressed_after_a_bounce(demo_business):
    suppression = Suppression.objects.get()
    entries = Entry.objects.filter(client__contacts__value=suppression.value, event_type=MessagingEvent.BOUNCED)
    assert suppression.reason in {entry.data["reason"] for entry in entries}


def test_conversations_are_waiting_for_an_answer(demo_business):
    awaiting = ChatMessage.objects.filter(is_latest=True, sender=ChatMessageSender.CLIENT, read_at=None)
    assert "Bo Lind" in awaiting.values_list("client__name", flat=True)
    assert ChatMessage.objects.filter(client__name="Ana Pereira", sender=ChatMessageSender.STAFF).exists()
    notified = Notification.objects.filter(subject_id__in=awaiting.values("client"))
    people = set(Membership.objects.filter(business=demo_business).values_list("person", flat=True))
    assert set(notified.values_list("person_id", flat=True)) == people


def test_enquiries_leave_suggestions_to_decide_on(seeded_acme):
    assert Enquiry.objects.count() == 3
    assert Enquiry.objects.unread().count() == 2
    assert not Enquiry.objects.awaiting_match().exists()
    assert not Enquiry.objects.filter(received_at__gt=NOW - timedelta(days=1)).exists()
    assert set(Suggestion.objects.values_list("client__name", "kind", "value")) == {
        ("Ana Pereira", "name", "Ana Pereira-Costa"),
        ("Ana Pereira", "phone", "+447700900199"),
        (None, "ambiguous", "Familie Brandt"),
    }
    candidates = Suggestion.objects.get(kind="ambiguous").submitted_data["clients"]
    assert set(Client.objects.filter(pk__in=candidates).values_list("name", flat=True)) == {
        "Jonas Brandt",
        "Mia Brandt",
    }
