"""Tests that timeline entries can be neither changed nor deleted."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, next_primary_key


@pytest.fixture
def timeline_entry(acme):
    """An entry on Acme's timeline."""
    with use_business(acme):
        client = ClientFactory()
        yield activity.record_event(ClientEvent.ADDED, client=client, at=timezone.now())


def update_timeline_entries():
    Entry.objects.update(actor_name="somebody else")


def delete_timeline_entries():
    Entry.objects.all().delete()


def delete_by_sql():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM activity_entry")


def delete_client():
    Entry.objects.get().client.delete()


@pytest.mark.parametrize("action", [update_timeline_entries, delete_timeline_entries, delete_by_sql, delete_client])
def test_an_entry_can_neither_be_changed_nor_removed(timeline_entry, action):
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        action()

    assert Entry.objects.get() == timeline_entry


@pytest.mark.parametrize("action", [update_timeline_entries, delete_timeline_entries, delete_client])
def test_mutation_is_allowed_until_the_block_ends(timeline_entry, action):
    with activity.allow_mutation():
        action()
    timeline_entry = activity.record_event(ClientEvent.ADDED, at=timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=timeline_entry.pk).delete()


def test_an_error_inside_the_block_leaves_the_table_append_only(timeline_entry):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), activity.allow_mutation():
        raise ZeroDivisionError

    with pytest.raises(IntegrityError), transaction.atomic():
        delete_timeline_entries()


def test_allowing_mutation_outside_a_transaction_is_refused(committed_db, acme):
    with use_business(acme), pytest.raises(AssertionError), activity.allow_mutation():
        pass


def test_an_entry_of_staff_has_their_name_and_ip_address(acme):
    sam = StaffActor(person_id=next_primary_key("person"), name="Sam Staff", ip="192.0.2.7")
    with use_business(acme):
        entry = activity.record_event(
            ClientEvent.ADDED, at=timezone.now(), after={"name": "Ana"}, **activity.get_actor_fields(sam)
        )
        entry.refresh_from_db()

    assert (entry.actor, entry.actor_name, entry.actor_id, entry.ip) == ("staff", sam.name, sam.person_id, sam.ip)
    assert entry.data == {"after": {"name": "Ana"}}
