"""Creation and removal of the demo's two businesses."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction

from portal.clients import identifiers
from portal.clients import services as clients
from portal.clients.models import Client
from portal.demo.bounces import seed_bounce
from portal.demo.branding import seed_branding
from portal.demo.client_cards import seed_client_cards
from portal.demo.conversations import seed_conversations
from portal.demo.enquiries import seed_enquiries
from portal.demo.history import seed_history
from portal.demo.sample_clients import SampleClient, iter_sample_clients
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
# Members besides its owner. The owner of one business may also own another.
STAFF_ROLES = {"acme": {"staff@acme.test": Role.STAFF, "owner@globex.test": Role.OWNER}, "globex": {}}
PERSON_NAMES = {"owner@acme.test": "Sabine Acker", "staff@acme.test": "Timo Berger", "owner@globex.test": "Gordon Pike"}
STAFF_ACTOR_NAMES = {"acme": "Sabine Acker", "globex": "Gordon Pike"}


@transaction.atomic
def seed_business(slug: str, *, now: datetime) -> Business | None:
    """Create one of the demo's businesses with staff, clients and history; None if it exists already."""
    if Business.objects.filter(hostnames__slug=slug).exists():
        return None
    business = create_business(slug=slug, **BUSINESSES[slug], now=now - timedelta(days=420))
    for email, role in STAFF_ROLES[slug].items():
        add_member(business=business, email=email, role=role, documents=role == Role.STAFF, now=now)
    for email, name in PERSON_NAMES.items():
        Person.objects.filter(email=email).update(name=name)
    random = Random(slug)  # noqa: S311  (a story, not a secret)
    with use_business(business):
        seed_branding(slug)
        staff = _staff_actor(slug, business)
        client_list = [_add_client(sample, business, staff, random, now=now) for sample in iter_sample_clients(slug)]
        seed_history(clients=client_list, zone=ZoneInfo(business.time_zone), random=random, now=now)
        seed_bounce(slug, client_list, now=now)
        seed_client_cards(slug, client_list, staff=staff, now=now)
        seed_enquiries(client_list, reader=staff.name, now=now)
        seed_conversations(slug, client_list, business=business, staff=staff, now=now)
    return business


@transaction.atomic
def remove_business(slug: str) -> None:
    """Remove one of the demo's businesses with all its data."""
    business = Business.objects.filter(hostnames__slug=slug).first()
    if business:
        drop_business(business=business)


def _staff_actor(slug: str, business: Business) -> Staff:
    """Return the member of staff who appears as the author of the seeded data."""
    owner = Membership.objects.filter(business=business, role=Role.OWNER).earliest("created_at")
    return Staff(person_id=owner.person_id, name=STAFF_ACTOR_NAMES[slug])


def _add_client(sample: SampleClient, business: Business, staff: Staff, random: Random, *, now: datetime) -> Client:
    """Add a client at a random time in the past year, archived or blocked where the sample says so."""
    emails = [identifiers.parse_email(sample.email)] if sample.email else []
    mobiles = [identifiers.parse_phone(sample.mobile, country=business.country)] if sample.mobile else []
    added_at = now - timedelta(days=random.uniform(40, 400))
    client = clients.add_client(
        name=sample.name, identifiers=emails + mobiles, language=sample.language, staff=staff, now=added_at
    )
    if sample.is_archived:
        clients.archive_client(client=client, staff=staff, now=now - timedelta(days=12))
    if sample.is_blocked:
        clients.block_client(client=client, staff=staff, now=added_at + timedelta(days=9))
    return client
