"""Who is there to be served? Four businesses with three thousand clients each, none of whom came before."""

from collections.abc import Iterator
from itertools import chain

from django.utils import timezone

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


def _add_clients(slug: str) -> None:
    now = timezone.now()
    clients = Client.objects.bulk_create(Client(name=f"Client {number}", created_at=now) for number in range(CLIENTS))
    Contact.objects.bulk_create(
        Contact(client=client, kind=Contact.Kind.EMAIL, value=address(slug, number), confirmed_at=now, created_at=now)
        for number, client in enumerate(clients)
    )
