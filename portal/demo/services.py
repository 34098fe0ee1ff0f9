"""How do the demo's two businesses come to be, and how do they begin afresh?"""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction

from portal.clients import identifiers
from portal.clients import services as clients
from portal.clients.models import Client
from portal.demo.cards import fill_cards
from portal.demo.enquiries import write_enquiries
from portal.demo.history import write_history
from portal.demo.looks import dress
from portal.demo.people import Somebody, clients_of
from portal.demo.talks import write_talks
from portal.demo.trouble import write_trouble
from tenants.context import use_business
from tenants.models import Business, Membership, Person, Role
from tenants.provisioning import add_member, create_business, drop_business
from tenants.staff.actor import Staff

BUSINESSES = {
    "acme": {
        "name": "Acme Physiotherapy",
        "owner_email": "owner@acme.test",
        "country": "DE",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
    },
    "globex": {
        "name": "Globex Legal",
        "owner_email": "owner@globex.test",
        "country": "US",
        "currency": "USD",
        "time_zone": "America/New_York",
    },
}
# Beside its owner: the owner of one business may own another.
STAFF = {"acme": {"staff@acme.test": Role.STAFF, "owner@globex.test": Role.OWNER}, "globex": {}}
NAMES = {"owner@acme.test": "Sabine Acker", "staff@acme.test": "Timo Berger", "owner@globex.test": "Gordon Pike"}
AT_THE_DESK = {"acme": "Sabine Acker", "globex": "Gordon Pike"}


@transaction.atomic
def seed_business(slug: str, *, now: datetime) -> Business | None:
    """Make one of the demo's businesses, people, history and all; None if it is there already."""
    if Business.objects.filter(hostnames__slug=slug).exists():
        return None
    business = create_business(slug=slug, **BUSINESSES[slug], now=now - timedelta(days=420))
    for email, role in STAFF[slug].items():
        add_member(business=business, email=email, role=role, documents=role == Role.STAFF, now=now)
    for email, name in NAMES.items():
        Person.objects.filter(email=email).update(name=name)
    random = Random(slug)  # noqa: S311  (a story, not a secret)
    with use_business(business):
        dress(slug)
        desk = _desk(slug, business)
        listed = [_add(somebody, business, desk, random, now=now) for somebody in clients_of(slug)]
        write_history(clients=listed, zone=ZoneInfo(business.time_zone), random=random, now=now)
        write_trouble(slug, listed, now=now)
        fill_cards(slug, listed, desk=desk, now=now)
        write_enquiries(listed, reader=desk.name, now=now)
        write_talks(slug, listed, business=business, desk=desk, now=now)
    return business


@transaction.atomic
def remove_business(slug: str) -> None:
    """Remove one of the demo's businesses with all it has."""
    business = Business.objects.filter(hostnames__slug=slug).first()
    if business:
        drop_business(business=business)


def _desk(slug: str, business: Business) -> Staff:
    """Return who keeps the list: a name on the timeline, with the owner's key."""
    owner = Membership.objects.filter(business=business, role=Role.OWNER).earliest("created_at")
    return Staff(person_id=owner.person_id, name=AT_THE_DESK[slug])


def _add(somebody: Somebody, business: Business, desk: Staff, random: Random, *, now: datetime) -> Client:
    """Put somebody on the client list, some time in the past year."""
    emails = [identifiers.parse_email(somebody.email)] if somebody.email else []
    mobiles = [identifiers.parse_phone(somebody.mobile, country=business.country)] if somebody.mobile else []
    added_at = now - timedelta(days=random.uniform(40, 400))
    client = clients.add_client(
        name=somebody.name, identifiers=emails + mobiles, language=somebody.language, staff=desk, now=added_at
    )
    if somebody.is_archived:
        clients.archive_client(client=client, staff=desk, now=now - timedelta(days=12))
    if somebody.is_blocked:
        clients.block_client(client=client, staff=desk, now=added_at + timedelta(days=9))
    return client
