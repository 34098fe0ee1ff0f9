"""The businesses that most benchmarks use: four, with three thousand clients each who have signed in once before."""

import io
from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from django.core.management import call_command
from django.utils import timezone

from portal.access.models import ClientSession
from portal.clients.models import Client, Contact, ContactKind
from tenants import tokens
from tenants.context import use_business
from tenants.models import Business
from tenants.provisioning import create_business

SLUGS = ["bench-1", "bench-2", "bench-3", "bench-4"]
CLIENTS = 3_000


def create_businesses_with_clients() -> None:
    """Create the businesses and their clients."""
    for slug in SLUGS:
        business = create_business(name=slug.title(), slug=slug, owner_email="owner@example.com", now=timezone.now())
        with use_business(business):
            _add_clients(slug)


def get_business(slug: str) -> Business:
    """Return the business with this slug."""
    return Business.objects.get(hostnames__slug=slug)


def create_api_key(slug: str, scopes: str) -> str:
    """Make a key for the business API and return it."""
    output = io.StringIO()
    call_command("create_api_key", business=slug, name="Benchmark", scopes=scopes, stdout=output)
    return output.getvalue().strip()


def iter_clients() -> Iterator[tuple[str, str]]:
    """Yield (slug, email) of every client once, alternating between the businesses."""
    return chain.from_iterable(
        ((slug, build_client_email(slug, number)) for slug in SLUGS) for number in range(CLIENTS)
    )


def build_client_email(slug: str, number: int) -> str:
    """Return the email address of one client; no two clients share one, so the provider can tell whose mail it is."""
    return f"client-{number}@{slug}.example"


def browser_token(email: str) -> str:
    """Return the token by which this client's browser is recognised."""
    return f"browser-of-{email}"


def _add_clients(slug: str) -> None:
    now = timezone.now()
    clients = Client.objects.bulk_create(Client(name=f"Client {number}", created_at=now) for number in range(CLIENTS))
    Contact.objects.bulk_create(
        Contact(
            client=client,
            kind=ContactKind.EMAIL,
            value=build_client_email(slug, number),
            confirmed_at=now,
            created_at=now,
        )
        for number, client in enumerate(clients)
    )
    ClientSession.objects.bulk_create(
        _build_ended_session(client, build_client_email(slug, number), now) for number, client in enumerate(clients)
    )


def _build_ended_session(client: Client, email: str, now: datetime) -> ClientSession:
    browser_digest = tokens.digest_token(browser_token(email))
    timestamps = {"created_at": now, "authenticated_at": now, "used_at": now, "expires_at": now, "ended_at": now}
    identifier = {"device": "Firefox on Linux", "identifier_kind": ContactKind.EMAIL, "address": email}
    return ClientSession(
        client=client, token_digest=browser_digest[::-1], browser_digest=browser_digest, **identifier, **timestamps
    )
