"""Tests that who shares an address with an erased person keeps their rows in lists, without that address."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.cards.services import erase_client
from portal.clients.models import Client
from portal.clients.uploads import row_reviews
from portal.clients.uploads.file_rows import read_rows
from portal.clients.uploads.models import RowDecision
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks import erased_person as person

ANA, OWN, SWITCHBOARD, BOB = "Ana Pereira", "ana@pereira.example", "+493012345678", "bob@own.example"


@pytest.fixture
def staff_actor():
    return StaffActor(person_id=None, name="Sabine Acker", ip="10.0.0.1")


@pytest.fixture
def card(acme, staff_actor, now):
    """Ana, the only one whose card has the switchboard's number."""
    with use_business(acme):
        return person.add_client(ANA, OWN, SWITCHBOARD, staff=staff_actor, now=now)


def erase(card, acme, staff, now):
    erase_client(client=card, business=acme, staff=staff, now=now)


def test_a_colleague_in_question_keeps_their_row_without_the_switchboard(acme, card, staff_actor, now):
    with use_business(acme):
        listed = person.upload(f"{person.HEADINGS}Bob Miller,{BOB},{SWITCHBOARD},,\n", "list.csv", now=now)
        assert list(listed.rows.values_list("outcome", "client_id")) == [("review", card.pk)]
        erase(card, acme, staff_actor, now)

        listed.refresh_from_db()
        assert list(listed.rows.values_list("name", "emails", "phones", "outcome")) == [
            ("Bob Miller", [BOB], [], "new")
        ]
        assert (listed.counts["new"], listed.counts["review"]) == (1, 0)
        assert list(read_rows(listed))[1] == (2, ["Bob Miller", BOB])
        person.import_list(listed, now=now)
        assert Client.objects.get(name="Bob Miller").contacts.get().value == BOB


def test_somebody_whom_staff_called_another_person_keeps_their_row(acme, card, staff_actor, now):
    with use_business(acme):
        listed = person.upload(f"{person.HEADINGS}Bob Miller,{OWN},,his note,\n", "list.csv", now=now)
        row_reviews.answer_row(upload=listed, number=2, decision=RowDecision.SEPARATE)
        erase(card, acme, staff_actor, now)

        listed.refresh_from_db()
        assert list(listed.rows.values_list("name", "emails", "note", "reason")) == [
            ("Bob Miller", [], "his note", "no-address")
        ]
        assert list(read_rows(listed))[1] == (2, ["Bob Miller", "", "", "his note"])


@pytest.mark.parametrize("state", ["received", "failed", "done"])
def test_a_colleague_keeps_their_record_whatever_became_of_the_list(acme, card, staff_actor, now, state):
    text = f"{person.HEADINGS}Bob Miller,{BOB},{SWITCHBOARD},,\n{ANA},{OWN},,,\n"
    with use_business(acme):
        listed = person.upload(text, "list.csv", now=now, check=state == "done")
        if state == "done":
            person.import_list(listed, now=now)
        type(listed).objects.filter(pk=listed.pk).update(state=state)
        erase(card, acme, staff_actor, now)

        listed.refresh_from_db()
        assert list(read_rows(listed))[1:] == [(2, ["Bob Miller", BOB])]
        assert list(listed.rows.exclude(name="").values_list("name", "emails", "phones", "client_id")) in (
            [],
            [("Bob Miller", [BOB], [], None)],
        )


def test_a_nameless_row_with_a_further_address_is_theirs(acme, card, staff_actor, now):
    with use_business(acme):
        listed = person.upload(f"{person.HEADINGS},{OWN},030 99887766,,\nMara,m@else.example,,,\n", "l.csv", now=now)
        erase(card, acme, staff_actor, now)

        assert list(listed.rows.values_list("name", flat=True)) == ["Mara"]


def test_enquiries_wait_for_an_erasure_only_once_it_has_the_lists(acme, card, staff_actor, now):
    with use_business(acme), CaptureQueriesContext(connection) as queries:
        erase(card, acme, staff_actor, now)
    locks = [
        "enquiries" if "pg_advisory" in query["sql"] else "lists"
        for query in queries
        if "pg_advisory" in query["sql"]
        or ("FOR NO KEY UPDATE" in query["sql"] and 'FROM "clients_upload"' in query["sql"])
    ]
    # Enquiries and appointments of people who have not signed in are matched under one lock.
    assert locks == ["lists", "enquiries", "enquiries"]
