"""The clients of a demo business."""

from datetime import timedelta
from random import Random

from portal.clients import identifiers, services
from portal.clients.demo.sample_client_cards import seed_client_cards
from portal.clients.demo.sample_clients import SampleClient, iter_sample_clients
from portal.clients.models import Client
from tenants.nouns.demo_business import DemoBusiness


def seed_demo_business(demo_business: DemoBusiness) -> None:
    """Add the sample clients to a demo business, and fill their cards."""
    random = demo_business.create_random("clients")
    clients = [_add_client(sample, demo_business, random) for sample in iter_sample_clients(demo_business.slug)]
    seed_client_cards(demo_business, clients)


def _add_client(sample: SampleClient, demo_business: DemoBusiness, random: Random) -> Client:
    """Add a client at a random time in the past year, archived or blocked where the sample says so."""
    staff, now, country = demo_business.staff, demo_business.now, demo_business.business.country
    emails = [identifiers.parse_email(sample.email)] if sample.email else []
    mobiles = [identifiers.parse_phone(sample.mobile, country=country)] if sample.mobile else []
    added_at = now - timedelta(days=random.uniform(40, 400))
    client = services.add_client(
        name=sample.name, identifiers=emails + mobiles, language=sample.language, staff=staff, now=added_at
    )
    if sample.is_archived:
        services.archive_client(client=client, staff=staff, now=now - timedelta(days=12))
    if sample.is_blocked:
        services.block_client(client=client, staff=staff, now=added_at + timedelta(days=9))
    return client
