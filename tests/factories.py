"""Factories for members, clients, contacts and sessions.

Keys are counted per business and start from one in every test, so the first client of Acme and the first client
of Globex have the same key. Code that mixes businesses up then fails.
"""

import uuid
from collections import Counter
from collections.abc import Collection
from datetime import timedelta

import factory
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from portal.access.models import ClientSession
from portal.clients.models import Client, ClientStatus, Contact
from portal.clients.services import update_search_text
from portal.ui.text_folding import fold_text
from tenants.models import Business, Membership, Person, Role
from tenants.provisioning import add_member

_counts: Counter[tuple[str, str]] = Counter()


def reset_key_counters() -> None:
    """Start the keys of every business from one again."""
    _counts.clear()


def next_primary_key(model: str) -> uuid.UUID:
    """Return the next key of a model in the current business."""
    key = (connection.schema_name, model)
    _counts[key] += 1
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{model}/{_counts[key]}")


def create_member(business: Business, role: str, areas: Collection[str] = ()) -> Membership:
    """Create a person with a role at a business, such as `read-only.1@acme.test` at Acme Physiotherapy."""
    number = Membership.objects.filter(business=business, role=role).count()
    first = business.name.split()[0].lower()
    membership = add_member(
        business=business, email=f"{role}.{number}@{first}.test", role=Role(role), now=timezone.now(), areas=areas
    )
    membership.person.name = f"{role.title()} of {first.title()}"
    membership.person.save()
    return membership


def create_session(person: Person) -> str:
    """Create a signed-in session for a person, as the two rows that Django writes, and return its key."""
    now, key = timezone.now(), uuid.uuid4().hex
    session_data = {
        SESSION_KEY: str(person.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: person.get_session_auth_hash(),
    }
    until = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session.objects.create(session_key=key, session_data=SessionStore().encode(session_data), expire_date=until)
    person.last_login = now
    person.save(update_fields=["last_login"])
    return key


class ContactFactory(factory.django.DjangoModelFactory):
    """An email address or mobile number of a client; it is confirmed and may be used to sign in."""

    class Meta:
        model = Contact

    id = factory.LazyFunction(lambda: next_primary_key("contact"))
    client = factory.SubFactory("tests.factories.ClientFactory", email=None)
    kind = factory.LazyAttribute(lambda contact: "email" if "@" in contact.value else "phone")
    value = factory.Sequence(lambda number: f"client-{number}@example.com")
    confirmed_at = factory.LazyFunction(timezone.now)
    created_at = factory.LazyFunction(timezone.now)


class ClientFactory(factory.django.DjangoModelFactory):
    """A client of the current business with the contacts `email` and `mobile`; None leaves one out."""

    class Meta:
        model = Client
        skip_postgeneration_save = True

    id = factory.LazyFunction(lambda: next_primary_key("client"))
    name = factory.Sequence(lambda number: f"Client {number}")
    search = factory.LazyAttribute(lambda client: fold_text(client.name))
    created_at = factory.LazyFunction(timezone.now)

    class Params:
        archived = factory.Trait(status=ClientStatus.ARCHIVED, archived_at=factory.LazyFunction(timezone.now))

    @factory.post_generation
    def email(self, create, value, **rest):
        """Add an email address."""
        if value:
            ContactFactory(client=self, value=value)
            update_search_text([self.pk])

    @factory.post_generation
    def mobile(self, create, value, **rest):
        """Add a mobile number."""
        if value:
            ContactFactory(client=self, value=value)
            update_search_text([self.pk])


class ClientSessionFactory(factory.django.DjangoModelFactory):
    """A browser signed in as a client."""

    class Meta:
        model = ClientSession

    id = factory.LazyFunction(lambda: next_primary_key("session"))
    client = factory.SubFactory(ClientFactory)
    token_digest = factory.Sequence(lambda number: number.to_bytes(32, "big"))
    browser_digest = factory.Sequence(lambda number: number.to_bytes(32, "big"))
    device = "Firefox on Linux"
    identifier_kind = "email"
    address = "ana@example.com"
    created_at = factory.LazyFunction(timezone.now)
    authenticated_at = factory.SelfAttribute("created_at")
    used_at = factory.SelfAttribute("created_at")
    expires_at = factory.LazyAttribute(lambda session: session.created_at + timedelta(hours=12))
