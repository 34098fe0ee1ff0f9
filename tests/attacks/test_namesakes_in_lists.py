"""Of several clients who may be meant by a row of a list, none gets anything by it whom staff did not choose."""

import pytest

from portal.cards.services import merge_clients
from portal.clients import services as clients
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import Client
from portal.clients.uploads import row_reviews
from portal.clients.uploads.models import RowDecision
from tenants.staff.staff_actor import StaffActor
from tests.attacks.client_lists import check_list, count_rows, import_checked_list

pytestmark = pytest.mark.usefixtures("in_acme")

MONA, NUMBER = "mona@example.com", "+491713920555"
SAM = StaffActor(None, "Sam", None)


@pytest.fixture
def namesakes(in_acme, now):
    """Two clients of one name who share a mailbox."""
    return [clients.add_client(name="Mona Ferrer", identifiers=[parse_email(MONA)], now=now) for _card in range(2)]


def answer(upload, number, decision, client=None):
    row_reviews.answer_row(upload=upload, number=number, decision=decision, client_id=client and client.pk)
    upload.refresh_from_db()


def lose(client, how, now):
    """Let a client have none of the addresses of a row any more."""
    if how == "merged":
        third = clients.add_client(name="Mona Smith", identifiers=[parse_email("else@example.com")], now=now)
        merge_clients(survivor=third, duplicate=client, staff=SAM, now=now)
    elif how == "erased":
        Client.objects.filter(pk=client.pk).update(erased_at=now)
    else:
        client.contacts.all().delete()


@pytest.mark.parametrize("name", ["Mona Ferrer", ""])
@pytest.mark.parametrize("how", ["merged", "erased", "changed"])
def test_a_namesake_gets_nothing_if_the_client_who_was_chosen_is_gone(namesakes, now, name, how):
    chosen, other = namesakes
    upload = check_list(f"Name,Email,Phone\n{name},{MONA},{NUMBER}\n")
    answer(upload, 2, RowDecision.SAME, chosen)
    lose(chosen, how, now)

    import_checked_list(upload)

    assert [contact.value for contact in other.contacts.all()] == [MONA]
    row = upload.rows.get()
    assert (row.outcome, row.reason, row.client_id, row.decision) == ("conflict", "several-cards", None, "")
    assert upload.counts["conflict"] == 1


def test_a_card_without_a_name_gets_nothing_if_the_client_of_another_name_who_was_chosen_is_gone(now):
    ana = clients.add_client(name="Ana Berg", identifiers=[parse_email(MONA)], now=now)
    nameless = clients.add_client(name=MONA, identifiers=[parse_email(MONA)], now=now)
    upload = check_list(f"Name,Email,Phone\nAnnie B,{MONA},{NUMBER}\n")
    answer(upload, 2, RowDecision.SAME, ana)
    lose(ana, "changed", now)

    import_checked_list(upload)

    assert [contact.value for contact in nameless.contacts.all()] == [MONA]
    row = upload.rows.get()
    assert (row.outcome, row.reason, row.client_id, row.decision) == ("review", "other-name", nameless.pk, "")


def test_who_is_none_of_two_namesakes_has_a_card_though_these_are_merged(namesakes, now):
    survivor, duplicate = namesakes
    upload = check_list(f"Name,Email,Phone\nMona Ferrer,{MONA},{NUMBER}\n")
    answer(upload, 2, RowDecision.SEPARATE)
    merge_clients(survivor=survivor, duplicate=duplicate, staff=SAM, now=now)

    import_checked_list(upload)

    assert [contact.value for contact in survivor.contacts.all()] == [MONA]
    created = Client.objects.exclude(pk__in=[survivor.pk, duplicate.pk]).get()
    assert {contact.value for contact in created.contacts.all()} == {MONA, NUMBER}


@pytest.mark.usefixtures("namesakes")
def test_somebody_with_an_address_of_a_row_about_several_clients_is_a_question():
    upload = check_list(f'Name,Email\nMona Ferrer,"{MONA}, ben@example.com"\nBen Otter,ben@example.com\n')

    assert list(upload.rows.values_list("outcome", "reason", "reason_detail")) == [
        ("conflict", "several-cards", ""),
        ("review", "same-address", "2"),
    ]


@pytest.mark.usefixtures("namesakes")
def test_somebody_twice_in_a_list_who_is_none_of_several_clients_is_one_new_client():
    upload = check_list(f'Name,Email,Phone\nMona Ferrer,{MONA},\n"Ferrer, Mona",{MONA},{NUMBER}\n')
    assert count_rows(upload) == {"conflict": 1, "duplicate": 1}

    answer(upload, 2, RowDecision.SEPARATE)
    upload = import_checked_list(upload)

    assert upload.counts["created"] == 1
    created = Client.objects.get(contacts__value=NUMBER)
    assert set(created.contacts.values_list("value", flat=True)) == {MONA, NUMBER}


@pytest.mark.usefixtures("namesakes")
def test_a_question_about_several_clients_is_not_answered_by_an_earlier_row_of_the_name():
    upload = check_list(f'Name,Email\nMona Ferrer,new@example.com\nMona Ferrer,"{MONA}, new@example.com"\n')

    assert list(upload.rows.values_list("outcome", flat=True)) == ["new", "conflict"]


def test_rows_without_a_name_may_be_different_people_of_one_mailbox(namesakes):
    upload = check_list(f"Name,Email,Note\n,{MONA},one\n,{MONA},other\n")
    assert count_rows(upload) == {"conflict": 2}

    for number, client in enumerate(namesakes, 2):
        answer(upload, number, RowDecision.SAME, client)
    import_checked_list(upload)

    assert [[note.body for note in client.notes.all()] for client in namesakes] == [["one"], ["other"]]


@pytest.fixture
def switchboard(now):
    """A list with a row without a name that may be the client of an earlier row, who is known by a number only."""
    clients.add_client(name="Mona Ferrer", identifiers=[parse_phone(NUMBER, country="DE")], now=now)
    upload = check_list(f"Name,Email,Phone\nMona Ferrer,m1@example.com,{NUMBER}\n,m2@example.com,{NUMBER}\n")
    assert list(upload.rows.values_list("outcome", "reason")) == [("known", ""), ("review", "same-name")]
    return upload


def test_nobody_without_a_name_becomes_a_client_of_their_own(switchboard):
    with pytest.raises(row_reviews.NewClientNameless):
        answer(switchboard, 3, RowDecision.SEPARATE)
    assert row_reviews.answer_all_rows(upload=switchboard, decision=RowDecision.SEPARATE) == 1
    assert switchboard.rows.get(number=3).outcome == "review"

    answer(switchboard, 3, RowDecision.SAME)

    assert count_rows(switchboard) == {"known": 1, "duplicate": 1}


def test_the_page_offers_no_card_of_their_own_to_whom_has_no_name(switchboard, staff_client):
    browser, page = staff_client(), f"/console/acme/clients/uploads/{switchboard.pk}/"

    shown = browser.get(page).content.decode()
    assert "Same person as Mona Ferrer" in shown
    assert "Somebody else of the same name" not in shown
    answered = browser.post(f"{page}answers/", {"decision": "separate"}, follow=True).content.decode()

    assert "1 row can’t be answered together with others." in answered


def test_a_client_whose_row_has_no_name_keeps_the_card_and_shares_the_address_of_an_earlier_row(now, staff_client):
    ben = clients.add_client(name="Ben Otter", identifiers=[parse_phone(NUMBER, country="DE")], now=now)
    upload = check_list(f"Name,Email,Phone\nDee Lund,dee@example.com,\n,dee@example.com,{NUMBER}\n")
    shown = staff_client().get(f"/console/acme/clients/uploads/{upload.pk}/").content.decode()
    assert "Somebody who shares the address" in shown

    answer(upload, 3, RowDecision.SEPARATE)
    row_reviews.reopen_row(upload=upload, number=3)
    assert row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SEPARATE) == 0

    row = upload.rows.get(number=3)
    assert (row.outcome, row.client_id) == ("known", ben.pk)
