"""Who is there to be served? Four businesses with three thousand clients each, who signed in once before."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from django.utils import timezone

from portal.access import tokens
from portal.access.models import ClientSession
from portal.clients.models import Client, Contact
from tenants.context import use_business
from tenants.models import Business
from tenants.provisioning import create_business

SLUGS = ["bench-1", "bench-2", "bench-3", "bench-4"]
CLIENTS = 3_000


def set_up() -> None:
    """Make the businesses and their clients."""
    for slug in SLUGS:
        business = create_business(name=slug.title(), slug=slug, owner_email="owner@example.com", now=timezone.now())
        with use_business(business):
            _add_clients(slug)


def by_slug(slug: str) -> Business:
    """Return one of the businesses."""
    return Business.objects.get(addresses__slug=slug)


def everybody() -> Iterator[tuple[str, str]]:
    """Yield a business's slug and a client's address, the businesses in turn, nobody twice."""
    return chain.from_iterable(((slug, address(slug, number)) for slug in SLUGS) for number in range(CLIENTS))


def address(slug: str, number: int) -> str:
    """Return the address of a client, which nobody shares, so that the provider can tell whose mail it is."""
    return f"client-{number}@{slug}.example"


def browser_of(reached_at: str) -> str:
    """Return the token by which the browser of the client with this address is recognised."""
    return f"browser-of-{reached_at}"


def _add_clients(slug: str) -> None:
    now = timezone.now()
    clients = Client.objects.bulk_create(Client(name=f"Client {number}", created_at=now) for number in range(CLIENTS))
    Contact.objects.bulk_create(
        Contact(client=client, kind=Contact.Kind.EMAIL, value=address(slug, number), confirmed_at=now, created_at=now)
        for number, client in enumerate(clients)
    )
    ClientSession.objects.bulk_create(
        _last_visit(client, address(slug, number), now) for number, client in enumerate(clients)
    )


def _last_visit(client: Client, reached_at: str, now: datetime) -> ClientSession:
    browser = tokens.digest(browser_of(reached_at))
    instants = {"created_at": now, "proven_at": now, "used_at": now, "expires_at": now, "ended_at": now}
    facts = {"device": "Firefox on Linux", "identifier_kind": Contact.Kind.EMAIL, "address": reached_at}
    return ClientSession(client=client, token_digest=browser[::-1], browser_digest=browser, **facts, **instants)
