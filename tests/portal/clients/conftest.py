"""Fixtures of the tests of clients and their cards."""

from datetime import timedelta

import pytest

from portal.access.kinds import AccessEvent, AccessMessageKind
from portal.activity.models import Entry
from portal.clients.models import Note, Tag
from portal.messaging.models import ChatMessage, Message
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, ClientSessionFactory, ContactFactory
from tests.portal.clients.client_card_addresses import ANA, MOBILE, WORK


@pytest.fixture
def in_acme(acme):
    """Work in Acme's schema for the length of the test."""
    with use_business(acme):
        yield acme


@pytest.fixture
def survivor_and_duplicate(acme, now):
    """Two cards of Ana: the one that stays, and one with something of everything."""
    with use_business(acme):
        survivor = ClientFactory(name="Ana Pereira", email=ANA, language="", custom={"a": "survivor", "b": ""})
        duplicate = ClientFactory(
            name="A. Pereira",
            email=WORK,
            language="de",
            custom={"a": "duplicate", "b": "duplicate", "c": True},
            created_at=now - timedelta(days=90),
        )
        ContactFactory(client=survivor, value=MOBILE, confirmed_at=None, label="Own")
        ContactFactory(client=duplicate, value=MOBILE, label="Theirs")
        survivor.tags.add(Tag.objects.create(name="Regular"))
        duplicate.tags.add(Tag.objects.get(name="Regular"), Tag.objects.create(name="Knee"))
        Note.objects.create(client=duplicate, body="Left knee.", created_at=now)
        for place, client in enumerate((survivor, duplicate)):
            ClientSessionFactory(client=client, expires_at=now + timedelta(hours=1))
            Entry.objects.create(at=now - timedelta(days=place + 1), event_type=AccessEvent.SIGNED_IN, client=client)
            sent_at = now - timedelta(days=place)
            ChatMessage.objects.create(client=client, sender="client", body="Hello", written_at=sent_at, is_latest=True)
        Message.objects.create(
            kind=AccessMessageKind.NEW_BROWSER, channel="email", client=duplicate, to=WORK, created_at=now
        )
        return survivor, duplicate


@pytest.fixture
def staff_actor():
    return StaffActor(person_id="6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10", name="Sabine Acker", ip="10.0.0.1")
