"""Does a line on the timeline stay as it was written, at every business?"""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.activity.models import Entry
from tenants.context import use_business
from tenants.staff.actor import Staff
from tests.factories import ClientFactory, next_key


@pytest.fixture
def line(acme):
    """A line on Acme's timeline."""
    with use_business(acme):
        client = ClientFactory()
        yield activity.record(EventType.CLIENT_ADDED, client=client, at=timezone.now())


def change():
    Entry.objects.update(actor_name="somebody else")


def remove():
    Entry.objects.all().delete()


def remove_by_hand():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM activity_entry")


def remove_with_the_card():
    Entry.objects.get().client.delete()


@pytest.mark.parametrize("deed", [change, remove, remove_by_hand, remove_with_the_card])
def test_a_line_can_neither_be_changed_nor_removed(line, deed):
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        deed()

    assert Entry.objects.get() == line


@pytest.mark.parametrize("deed", [change, remove, remove_with_the_card])
def test_erasing_may_until_its_block_ends(line, deed):
    with activity.allow_mutation():
        deed()
    entry = activity.record(EventType.CLIENT_ADDED, at=timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).delete()


def test_a_deed_that_failed_while_unlocked_leaves_the_table_locked(line):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), activity.allow_mutation():
        raise ZeroDivisionError

    with pytest.raises(IntegrityError), transaction.atomic():
        remove()


def test_unlocking_for_longer_than_a_transaction_is_refused(committed_db, acme):
    with use_business(acme), pytest.raises(AssertionError), activity.allow_mutation():
        pass


def test_what_staff_do_carries_who_and_from_where(acme):
    sam = Staff(person_id=next_key("person"), name="Sam Staff", ip="192.0.2.7")
    with use_business(acme):
        entry = activity.record(
            EventType.CLIENT_ADDED, at=timezone.now(), after={"name": "Ana"}, **activity.actor_fields(sam)
        )
        entry.refresh_from_db()

    assert (entry.actor, entry.actor_name, entry.actor_id, entry.ip) == ("staff", sam.name, sam.person_id, sam.ip)
    assert entry.data == {"after": {"name": "Ana"}}
