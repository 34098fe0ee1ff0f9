"""Who is on a list of a hundred clients, and on one of a hundred thousand? People of the same kind, drawn by lot."""

from datetime import timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from portal.clients.models import Client, Contact, Tag
from portal.clients.services import text_of
from tenants.context import use_business
from tenants.models import Business
from tenants.provisioning import create_business

FIRST = """
    Adam Agnes Alma Anton Astrid Beatrix Boris Carla Cem Clara Daria David Dunja Edgar Elif Emil Esra Fabio Frieda Georg Greta
    Hanna Henrik Ida Igor Ivana Jakob Jana Jonas Karim Katharina Lars Lea Leon Luise Magda Malik Marta Milan Nadia Nils Olga
    Oskar Paula Pavel Quirin Rosa Ruth Samir Selma Sofia Stefan Tamara Theo Tilda Ulrike Uwe Vera Viktor Wanda Xenia Yasmin Yusuf Zoe
""".split()
BEGINNINGS = "Alt Berg Birk Blum Brand Dorn Eich Feld Frei Grün Hag Hart Heid Hoch Kirch Klein Lang Licht Lind Moor Neu Ost Rain Rot Sand Stein Tann Wald Wein Wolf".split()
ENDINGS = "acker au bach baum berg brink burg dorf eck egger feld garten hagen haus hof holz horst kamp leitner mann mayer meister müller ried ritter rath stadt steiner thal weber winter".split()
TAGS = 8
BATCH = 5000


def gather(slug: str, number: int) -> Business:
    """Make a business with so many clients, each with a mailbox, a mobile and a tag, and let PostgreSQL know them."""
    business = create_business(name=slug.title(), slug=slug, owner_email="owner@example.com", now=timezone.now())
    with use_business(business):
        _add(number, Random(1))
        with connection.cursor() as cursor:
            for table in ("clients_client", "clients_contact", "clients_client_tags"):
                cursor.execute(f"VACUUM ANALYZE {table}")
    return business


def _add(number: int, random: Random) -> None:
    now, through = timezone.now(), Client.tags.through
    tags = Tag.objects.bulk_create(Tag(name=f"Tag {place}", colour="blue") for place in range(TAGS))
    for start in range(0, number, BATCH):
        people = [_person(place, random, now) for place in range(start, min(start + BATCH, number))]
        clients = Client.objects.bulk_create(client for client, _addresses in people)
        Contact.objects.bulk_create(contact for _client, addresses in people for contact in addresses)
        through.objects.bulk_create(through(client=client, tag=random.choice(tags)) for client in clients)


def _person(place: int, random: Random, now) -> tuple[Client, list[Contact]]:
    first, last = random.choice(FIRST), random.choice(BEGINNINGS) + random.choice(ENDINGS)
    kept = {"confirmed_at": now, "created_at": now}
    mailbox, mobile = f"{first}.{last}.{place}@example.com".lower(), f"+4915{place:09}"
    mailbox = mailbox.replace("ü", "ue")
    client = Client(
        name=f"{first} {last}",
        search=text_of(f"{first} {last}", [mailbox, mobile]),
        created_at=now - timedelta(minutes=place),
        signed_in_at=now - timedelta(hours=place % 4000) if place % 3 else None,
    )
    values = (("email", mailbox), ("phone", mobile))
    return client, [Contact(client=client, kind=kind, value=value, **kept) for kind, value in values]
