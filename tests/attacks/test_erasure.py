"""Tests that an erased person is found nowhere afterwards: in no table, file or cache, whatever state they were in."""

import csv

import pytest

from portal.cards.services import erase_client
from portal.clients.models import Client, Contact, Suggestion
from portal.clients.uploads import services as uploads
from portal.clients.uploads.models import RowOutcome, Upload
from portal.clients.uploads.outcome_reports import iter_failed_rows_csv
from portal.intake.models import Enquiry
from portal.messaging.models import ChatMessage, Suppression
from tenants.context import use_business
from tenants.nouns.personal_data_policies import ErasureRefused
from tenants.staff.staff_actor import StaffActor
from tests.attacks import erased_person as person
from tests.attacks.tables_without_clients import TABLES_WITHOUT_CLIENTS
from tests.attacks.trace_search import read_tables, search_everything
from tests.factories import create_member


@pytest.fixture
def owner(acme):
    return create_member(acme, "owner").person


@pytest.fixture
def staff_actor(owner):
    return StaffActor(person_id=owner.pk, name="Sabine Acker", ip="10.0.0.1")


@pytest.fixture
def ben(acme, staff_actor, now):
    """Ben, who shares a mailbox with Ottilie."""
    with use_business(acme):
        return person.add_client("Ben Marsh", person.BEN, person.FAMILY, staff=staff_actor, now=now)


@pytest.fixture
def ottilie(acme, staff_actor, now):
    """Ottilie, as staff added her."""
    with use_business(acme):
        addresses = person.EMAIL, person.PHONE, person.FAMILY
        return person.add_client(person.NAME, *addresses, staff=staff_actor, now=now)


@pytest.fixture
def known(acme, owner, ottilie, ben, staff_actor, now, sign_in_client, portal_client, outbox):
    """Ottilie, known to Acme in every way; returns her checked lists and the imported one."""
    by = {"staff": staff_actor, "now": now}
    person.use_passkeys(sign_in_client(acme, person.EMAIL), acme=acme)
    with use_business(acme):
        field = person.fill_card(ottilie, **by)
        person.save_views(acme=acme, **by)
        person.ask_support(ottilie, acme=acme, **by)
        person.merge_duplicate(ottilie, **by)
        person.change_addresses(ottilie, **by)
        person.converse(ottilie, **by)
        person.impersonate(ottilie, acme=acme, person=owner, **by)
        person.suppress(ottilie, now=now)
        person.send_enquiries(ottilie, ben, acme=acme, now=now)
        person.book_appointments(ottilie, ben, staff=staff_actor)
        person.mention_on_other_card(ben, field, **by)
        lists = person.upload_lists(**by)
        person.send_webhooks(ottilie, acme=acme, now=now)
    person.use_program(ottilie, member=create_member(acme, "owner"), now=now)
    outbox.deliver_due()
    portal_client(acme).post("/sign-in/", {"identifier": person.PHONE})
    return lists


def erase(acme, client, staff, now):
    with use_business(acme):
        erase_client(client=client, business=acme, staff=staff, now=now)


def test_every_table_that_can_hold_a_client_is_searched_with_her_in_it(acme, known):
    """A table that somebody adds fails here until the states of this test reach it, or it is said to hold no client."""
    tables = read_tables(acme.schema_name)
    text = {name.partition(".")[2]: text.casefold() for name, text in tables.items()}
    with use_business(acme):
        ids = [str(key) for key in Client.objects.values_list("pk", flat=True)]
    without = {name for name, rows in text.items() if not any(trace in rows for trace in (*person.TRACES, *ids))}
    assert without - TABLES_WITHOUT_CLIENTS == set()


def test_nothing_anywhere_holds_an_erased_person(acme, ottilie, known, staff_actor, now, redis_db):
    before = search_everything(acme, person.TRACES, redis_db=redis_db)
    assert {trace for _place, trace in before} == set(person.TRACES)

    erase(acme, ottilie, staff_actor, now)

    assert search_everything(acme, person.TRACES, redis_db=redis_db) == set()


def test_what_belongs_to_others_stays_whole(acme, ottilie, ben, known, staff_actor, now):
    erase(acme, ottilie, staff_actor, now)

    with use_business(acme):
        assert set(Contact.objects.filter(client=ben).values_list("value", flat=True)) == {person.BEN, person.FAMILY}
        assert set(ben.notes.values_list("body", flat=True)) == {"Wife: […], […], […].", "call […]"}
        assert ChatMessage.objects.get(client=ben).body == "Ring my wife at […], please."
        assert list(Enquiry.objects.values_list("name", "email", "message")) == [
            ("Ben Marsh", person.BEN, "or ask […]")
        ]


@pytest.mark.parametrize("number", [0, 1], ids=["csv", "workbook"])
def test_a_checked_list_still_imports_everybody_else(acme, ottilie, ben, known, staff_actor, now, number):
    checked = known[0][number]
    erase(acme, ottilie, staff_actor, now)

    with use_business(acme):
        checked.refresh_from_db()
        rows = list(checked.rows.values_list("number", "name", "note"))
        person.import_list(checked, now=now)
        names = set(Client.objects.exclude_unlisted().values_list("name", flat=True))
    numbers = (9, 10, 11) if number == 0 else (2, 3, 4)
    assert rows == list(zip(numbers, ("Ben Marsh", "Bea Marsh", "Mara Quirk"), ("call […]", "", ""), strict=True))
    assert checked.state == "done"
    assert {"Ben Marsh", "Mara Quirk"} <= names
    assert not [name for name in names if "Ottilie" in name or "O. Q." in name]


def test_the_counts_of_a_checked_list_are_those_of_the_rows_that_are_left(acme, ottilie, known, staff_actor, now):
    erase(acme, ottilie, staff_actor, now)

    with use_business(acme):
        for upload in Upload.objects.filter(state="checked"):
            counts = [upload.counts[outcome] for outcome in RowOutcome.values]
            assert (sum(counts), upload.rows_total) == (3, 3)


def test_undoing_an_import_brings_nobody_back(acme, ottilie, known, staff_actor, now):
    erase(acme, ottilie, staff_actor, now)
    _checked, done = known

    with use_business(acme):
        uploads.undo_import(upload=done, staff=staff_actor, now=now)
        person.process_list(done, now=now)
        names = set(Client.objects.values_list("name", flat=True))
    assert done.state == "undone"
    assert not [name for name in names if "Ottilie" in name]


def test_a_list_whose_columns_are_mapped_again_stays_without_them(acme, ottilie, known, staff_actor, now):
    erase(acme, ottilie, staff_actor, now)

    with use_business(acme):
        for upload in Upload.objects.filter(state__in=("received", "checked", "failed")):
            uploads.map_columns(upload=upload, targets=["name", "email", "phone", "note", ""], now=now)
            person.process_list(upload, now=now)
            names = list(upload.rows.values_list("name", flat=True))
            assert names == ["Ben Marsh", "Bea Marsh", "Mara Quirk"], upload.name


def test_failed_rows_of_others_can_still_be_downloaded(acme, ottilie, staff_actor, now):
    text = person.HEADINGS + person.ROWS.replace(person.WORK, person.EMAIL) + "Nobody,,12,,\n"
    with use_business(acme):
        done = person.upload(text, "list.csv", now=now)
        person.import_list(done, now=now)
    erase(acme, ottilie, staff_actor, now)

    with use_business(acme):
        done.refresh_from_db()
        lines = list(csv.reader(b"".join(iter_failed_rows_csv(done)).decode("utf-8-sig").splitlines()))
        reasons = set(done.rows.exclude(name="Nobody").values_list("reason", flat=True))
    assert [line[1] for line in lines] == ["Name", "Nobody"]
    assert reasons == {"erased"}


def test_uploading_the_old_list_again_adds_a_new_person(acme, ottilie, staff_actor, now):
    erase(acme, ottilie, staff_actor, now)
    with use_business(acme):
        again = person.upload(f"{person.HEADINGS}{person.NAME},{person.EMAIL},,,\n", "again.csv", now=now)
        person.import_list(again, now=now)
        found = Contact.objects.get(value=person.EMAIL).client
        assert (found.pk == ottilie.pk, found.notes.count(), found.entries.count()) == (False, 0, 1)


@pytest.mark.parametrize("state", ["checking", "running", "undoing"])
def test_nobody_is_erased_while_a_worker_has_read_a_list(acme, ottilie, staff_actor, now, state):
    with use_business(acme):
        Upload.objects.create(name="list.csv", kind="csv", size=3, state=state, created_at=now)
    with pytest.raises(ErasureRefused, match="Wait until that is done"):
        erase(acme, ottilie, staff_actor, now)

    with use_business(acme):
        ottilie.refresh_from_db()
    assert (ottilie.name, ottilie.erased_at) == (person.NAME, None)


def test_the_page_says_why_nobody_can_be_erased_now(acme, ottilie, staff_client, now):
    with use_business(acme):
        Upload.objects.create(name="list.csv", kind="csv", size=3, state="running", created_at=now)
    answer = staff_client("manager").post(f"/console/acme/clients/{ottilie.pk}/erasure/", {"name": person.NAME})

    assert answer.status_code == 422
    assert "A list is being checked or imported right now." in answer.content.decode()


def test_a_name_alone_erases_nobody_elses_data(acme, ottilie, staff_actor, now):
    with use_business(acme):
        person.send_enquiry(acme=acme, name=person.NAME, addresses=["other@else.example"], now=now)
        [namesake] = Client.objects.exclude(pk=ottilie.pk)
        listed = person.upload(f"{person.HEADINGS}{person.NAME},third@else.example,,,\n", "list.csv", now=now)
        person.send_enquiry(acme=acme, name="Ben", addresses=[person.FAMILY], now=now)
    erase(acme, ottilie, staff_actor, now)

    with use_business(acme):
        namesake.refresh_from_db()
        assert (namesake.name, namesake.enquiries.count()) == (person.NAME, 1)
        assert listed.rows.get().name == person.NAME


def test_an_address_that_only_a_form_claims_erases_nothing_of_its_owner(acme, staff_actor, now):
    """Somebody may write a stranger’s number into the contact form, and ask to be erased."""
    with use_business(acme):
        listed = person.upload(f"{person.HEADINGS}{person.NAME},,{person.PHONE},,\n", "list.csv", now=now)
        person.send_enquiry(acme=acme, name="Rita", addresses=["rita@else.example", person.PHONE], now=now)
        rita = Client.objects.get(name="Rita")
    erase(acme, rita, staff_actor, now)

    with use_business(acme):
        assert listed.rows.get().phones == [person.PHONE]


def test_an_unconfirmed_mailbox_leaves_the_blocked_addresses_unless_others_have_it(acme, ben, staff_actor, now):
    with use_business(acme):
        person.send_enquiry(acme=acme, name="Rita", addresses=["rita@else.example"], now=now)
        rita = Contact.objects.get(value="rita@else.example").client
        Contact.objects.create(client=rita, kind="email", value=person.FAMILY, source="form", created_at=now)
        for value in "rita@else.example", person.FAMILY:
            Suppression.objects.create(value=value, channel="email", reason="mailbox-unknown", since=now)
    erase(acme, rita, staff_actor, now)

    with use_business(acme):
        assert list(Suppression.objects.values_list("value", flat=True)) == [person.FAMILY]


def test_of_two_who_share_a_mailbox_only_the_named_one_leaves_the_lists(acme, ottilie, ben, staff_actor, now):
    text = f"{person.HEADINGS}{person.NAME},{person.FAMILY},,,\nBen Marsh,{person.FAMILY},,,\n"
    with use_business(acme):
        listed = person.upload(text, "list.csv", now=now)
    erase(acme, ottilie, staff_actor, now)

    with use_business(acme):
        assert list(listed.rows.values_list("name", flat=True)) == ["Ben Marsh"]


def test_a_candidate_who_is_erased_leaves_the_question_to_the_others(acme, ottilie, ben, staff_actor, now):
    with use_business(acme):
        person.send_enquiry(acme=acme, name="Bea", addresses=[person.FAMILY], now=now)
        assert len(Suggestion.objects.get(client=None).submitted_data["clients"]) == 2
    erase(acme, ottilie, staff_actor, now)

    with use_business(acme):
        assert Suggestion.objects.get(client=None).submitted_data["clients"] == [str(ben.pk)]
        assert Enquiry.objects.get().name == "Bea"


def test_the_card_says_what_was_erased_and_what_to_check(acme, ottilie, known, staff_client, staff_actor, now):
    with use_business(acme):
        person.upload(f"{person.HEADINGS}{person.NAME},third@else.example,,,\n", "list.csv", now=now)
    erase(acme, ottilie, staff_actor, now)
    shown = " ".join(staff_client("manager").get(f"/console/acme/clients/{ottilie.pk}/").content.decode().split())

    for text in (
        "Rows of imported lists",
        "Support tickets",
        "Saved views and searches",
        "because billing records refer to it.",
    ):
        assert text in shown, text
    assert "1 row of your uploaded lists has the same name, but none of the addresses." in shown
    assert not [trace for trace in person.TRACES if trace in shown.lower()]
