"""The filter for clients without a mobile number is exact and uses its index."""

from django.db import connection
from django.utils import timezone

from portal.clients.models import Client, Contact
from portal.clients.services import SearchQuery, search_clients, update_search_text
from tenants.context import use_business
from tests.factories import ClientFactory


def clients_without_mobile(**filters):
    return search_clients(SearchQuery(has_mobile="no", **filters), country="DE", now=timezone.now())


def test_the_filter_finds_exactly_the_clients_without_mobile(acme):
    with use_business(acme):
        plain = ClientFactory(name="Ana", email="ana@example.com")
        looks = ClientFactory(name="Bo +491711234567", email="bo@example.com")
        mailbox = ClientFactory(name="Cy", email="cy+1234567@example.com")
        odd = ClientFactory(name="Gil", email="+491711234567@example.com")
        has = ClientFactory(name="Da", mobile="+491711234567")
        both = ClientFactory(name="Ed +4917", mobile="+491711234568")
        update_search_text([plain.pk, looks.pk, mailbox.pk, odd.pk, has.pk, both.pk])
        unwritten = ClientFactory(name="Fe", mobile="+491711234569")
        Client.objects.filter(pk=unwritten.pk).update(search="")

        assert {client.name for client in clients_without_mobile()} == {"Ana", "Bo +491711234567", "Cy", "Gil"}


def test_the_filter_uses_its_partial_index(acme, now):
    with use_business(acme), connection.cursor() as cursor:
        people = Client.objects.bulk_create(Client(name=f"Client {number}", created_at=now) for number in range(2_000))
        numbers = [(client, f"+4917112{number:05}") for number, client in enumerate(people)]
        Contact.objects.bulk_create(
            Contact(client=client, kind="phone", value=value, created_at=now) for client, value in numbers
        )
        update_search_text([client.pk for client in people])
        # What PostgreSQL knows of the tables decides where it looks.
        cursor.execute("ANALYZE clients_client, clients_contact")
        plan = clients_without_mobile().order_by("pk").explain()

    assert "client_no_mobile_candidates" in plan
