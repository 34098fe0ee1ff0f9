"""Businesses with any number of clients, whose names are drawn at random from the same lists."""

from datetime import timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from portal.clients.models import Client, Contact, Tag
from portal.clients.services import build_search_text
from tenants.context import use_business
from tenants.models import Business
from tenants.provisioning import create_business

FIRST_NAMES = """
    Adam Agnes Alma Anton Astrid Beatrix Boris Carla Cem Clara Daria David Dunja Edgar Elif Emil Esra Fabio Frieda
    Georg Greta Hanna Henrik Ida Igor Ivana Jakob Jana Jonas Karim Katharina Lars Lea Leon Luise Magda Malik Marta
    Milan Nadia Nils Olga Oskar Paula Pavel Quirin Rosa Ruth Samir Selma Sofia Stefan Tamara Theo Tilda Ulrike Uwe
    Vera Viktor Wanda Xenia Yasmin Yusuf Zoe
""".split()
LAST_NAME_STARTS = """
    Alt Berg Birk Blum Brand Dorn Eich Feld Frei Grün Hag Hart Heid Hoch Kirch Klein Lang Licht Lind Moor Neu Ost
    Rain Rot Sand Stein Tann Wald Wein Wolf
""".split()
LAST_NAME_ENDS = """
    acker au bach baum berg brink burg dorf eck egger feld garten hagen haus hof holz horst kamp leitner mann mayer
    meister müller ried ritter rath stadt steiner thal weber winter
""".split()
TAGS = 8
BATCH = 5000


def create_business_with_clients(slug: str, number: int) -> Business:
    """Create a business with `number` clients, each with an email, a mobile and a tag, and analyse their tables."""
    business = create_business(name=slug.title(), slug=slug, owner_email="owner@example.com", now=timezone.now())
    with use_business(business):
        _add_clients(number, Random(1))
        with connection.cursor() as cursor:
            for table in ("clients_client", "clients_contact", "clients_client_tags"):
                cursor.execute(f"VACUUM ANALYZE {table}")
    return business


def _add_clients(number: int, random: Random) -> None:
    now, through = timezone.now(), Client.tags.through
    tags = Tag.objects.bulk_create(Tag(name=f"Tag {index}", colour="blue") for index in range(TAGS))
    for start in range(0, number, BATCH):
        added = [_build_client_with_contacts(index, random, now) for index in range(start, min(start + BATCH, number))]
        clients = Client.objects.bulk_create(client for client, _contacts in added)
        Contact.objects.bulk_create(contact for _client, contacts in added for contact in contacts)
        through.objects.bulk_create(through(client=client, tag=random.choice(tags)) for client in clients)


def _build_client_with_contacts(index: int, random: Random, now) -> tuple[Client, list[Contact]]:
    first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAME_STARTS) + random.choice(LAST_NAME_ENDS)
    confirmed = {"confirmed_at": now, "created_at": now}
    email, mobile = f"{first}.{last}.{index}@example.com".lower(), f"+4915{index:09}"
    email = email.replace("ü", "ue")
    client = Client(
        name=f"{first} {last}",
        search=build_search_text(f"{first} {last}", [email, mobile]),
        created_at=now - timedelta(minutes=index),
        signed_in_at=now - timedelta(hours=index % 4000) if index % 3 else None,
    )
    values = (("email", email), ("phone", mobile))
    return client, [Contact(client=client, kind=kind, value=value, **confirmed) for kind, value in values]
