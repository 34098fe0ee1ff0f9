"""Who and what is there to try things with?

Keys are counted per business and start over with every test, so the first client of
Acme and the first client of Globex have the same one. Whatever mixes businesses up shows.
"""

import uuid
from collections import Counter
from datetime import timedelta

import factory
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from portal.access.models import ClientSession
from portal.clients.models import Client, Contact
from portal.clients.services import fold_text, update_search_text
from tenants.models import Business, Membership, Person, Role
from tenants.provisioning import add_member

_made: Counter[tuple[str, str]] = Counter()


def start_over() -> None:
    """Count from one again in every business."""
    _made.clear()


def next_key(model: str) -> uuid.UUID:
    """Return the next key of this model in the business whose schema this thread works in."""
    place = (connection.schema_name, model)
    _made[place] += 1
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{model}/{_made[place]}")


def colleague(business: Business, role: str, **switches: bool) -> Membership:
    """Give somebody new a role at a business: `read-only.1@acme.test`, Read-Only at Acme Physiotherapy."""
    number = Membership.objects.filter(business=business, role=role).count()
    first = business.name.split()[0].lower()
    membership = add_member(
        business=business, email=f"{role}.{number}@{first}.test", role=Role(role), now=timezone.now(), **switches
    )
    membership.person.name = f"{role.title()} of {first.title()}"
    membership.person.save()
    return membership


def session_of(person: Person) -> str:
    """Sign a person in and return their session's key: the two rows that Django leaves, without its fifteen statements."""
    now, key = timezone.now(), uuid.uuid4().hex
    kept = {
        SESSION_KEY: str(person.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: person.get_session_auth_hash(),
    }
    until = now + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session.objects.create(session_key=key, session_data=SessionStore().encode(kept), expire_date=until)
    person.last_login = now
    person.save(update_fields=["last_login"])
    return key


class ContactFactory(factory.django.DjangoModelFactory):
    """An email address or mobile number on a card; it may sign in and is confirmed."""

    class Meta:
        model = Contact

    id = factory.LazyFunction(lambda: next_key("contact"))
    client = factory.SubFactory("tests.factories.ClientFactory", email=None)
    kind = factory.LazyAttribute(lambda contact: "email" if "@" in contact.value else "phone")
    value = factory.Sequence(lambda number: f"client-{number}@example.com")
    confirmed_at = factory.LazyFunction(timezone.now)
    created_at = factory.LazyFunction(timezone.now)


class ClientFactory(factory.django.DjangoModelFactory):
    """A client of the business at hand, reached at `email` and `mobile`; None leaves one out."""

    class Meta:
        model = Client
        skip_postgeneration_save = True

    id = factory.LazyFunction(lambda: next_key("client"))
    name = factory.Sequence(lambda number: f"Client {number}")
    search = factory.LazyAttribute(lambda client: fold_text(client.name))
    created_at = factory.LazyFunction(timezone.now)

    class Params:
        archived = factory.Trait(status=Client.Status.ARCHIVED, archived_at=factory.LazyFunction(timezone.now))

    @factory.post_generation
    def email(self, create, value, **rest):
        """Put an email address on the card."""
        if value:
            ContactFactory(client=self, value=value)
            update_search_text([self.pk])

    @factory.post_generation
    def mobile(self, create, value, **rest):
        """Put a mobile number on the card."""
        if value:
            ContactFactory(client=self, value=value)
            update_search_text([self.pk])


class ClientSessionFactory(factory.django.DjangoModelFactory):
    """A browser signed in as a client."""

    class Meta:
        model = ClientSession

    id = factory.LazyFunction(lambda: next_key("session"))
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
