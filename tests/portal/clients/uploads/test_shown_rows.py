"""The rows of a checked list, as staff see them: who may be meant, and who was chosen."""

import re
from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from portal.clients.models import Contact, Tag
from portal.clients.uploads.row_candidates import RowCandidate
from portal.clients.uploads.shown_candidates import describe_candidates
from tests.attacks.client_lists import check_list
from tests.factories import ClientFactory, ContactFactory

pytestmark = pytest.mark.usefixtures("in_acme")

MONA, MOBILE = "mona@example.com", "+491713920555"


@pytest.fixture
def namesakes(now):
    """Two clients of one name who share a mailbox, and were added at the same moment."""
    return [ClientFactory(name="Mona Ferrer", email=MONA, created_at=now) for _card in range(2)]


@pytest.fixture
def list_differences(namesakes):
    """Return a function that returns what tells the two clients apart."""

    def list_differences() -> list[list[str]]:
        for client in namesakes:
            client.refresh_from_db()
        candidates = [RowCandidate(client, "m•••@example.com") for client in namesakes]
        return [list(shown.differences) for shown in describe_candidates({2: candidates})[2]]

    return list_differences


def open_page(browser, upload):
    """Return the page of an upload, and the names of the buttons that answer for a row."""
    shown = browser.get(f"/console/acme/clients/uploads/{upload.pk}/").content.decode()
    rows = shown.partition('id="rows"')[2].partition("</section>")[0]
    buttons = re.findall(r"<button.*?>(.*?)</button>", rows, re.DOTALL)
    return shown, [" ".join(strip_tags(button).split()) for button in buttons]


def test_clients_of_one_name_are_told_apart_by_their_other_addresses(namesakes, list_differences):
    ContactFactory(client=namesakes[0], value=MOBILE)
    ContactFactory(client=namesakes[0], value="unconfirmed@example.com", confirmed_at=None)

    assert list_differences() == [["+49•••555"], ["no other address"]]


def test_clients_of_one_name_and_the_same_addresses_are_told_apart_by_their_tags(namesakes, list_differences):
    for client in namesakes:
        client.tags.add(Tag.objects.get_or_create(name="VIP")[0])
    namesakes[1].tags.add(Tag.objects.create(name="Spring"))

    assert list_differences() == [["no other tag"], ["Spring"]]


def test_otherwise_they_are_told_apart_by_their_last_sign_in(namesakes, list_differences, now):
    namesakes[0].signed_in_at = now - timedelta(days=9)
    namesakes[0].save()

    [[signed_in], never] = list_differences()

    assert (signed_in[:17], never) == ("last signed in on", ["never signed in"])


def test_otherwise_they_are_told_apart_by_the_minute_they_were_added(namesakes, list_differences, now):
    namesakes[0].created_at = now - timedelta(days=9)
    namesakes[1].created_at = now - timedelta(days=9, minutes=1)
    for client in namesakes:
        client.save()

    [[first], [other]] = list_differences()

    assert first.startswith("client since ")
    assert other.startswith("client since ")
    assert first != other


def test_clients_whom_nothing_tells_apart_are_numbered(list_differences):
    assert list_differences() == [["1 of 2"], ["2 of 2"]]


def test_what_does_not_tell_all_apart_is_followed_by_what_does(namesakes, now):
    third = ClientFactory(name="FERRER, Mona", email=MONA, mobile=MOBILE, created_at=now)
    stranger = ClientFactory(name="Ben Ferrer", email=MONA)
    candidates = [RowCandidate(client, "m•••@example.com") for client in (*namesakes, third, stranger)]

    shown = describe_candidates({2: candidates})[2]

    assert [list(one.differences) for one in shown] == [
        ["no other address", "1 of 3"],
        ["no other address", "2 of 3"],
        ["+49•••555", "3 of 3"],
        [],
    ]


@pytest.mark.parametrize("name", ["Mona Ferrer", ""])
def test_the_buttons_of_a_row_have_names_of_their_own(namesakes, staff_client, name):
    upload = check_list(f"Name,Email\n{name},{MONA}\n")
    of_row = f"({name})" if name else "(Row 2)"

    _shown, buttons = open_page(staff_client(), upload)

    assert buttons == [
        f"Same person as Mona Ferrer · 1 of 2 {of_row}",
        f"Same person as Mona Ferrer · 2 of 2 {of_row}",
        *([f"Somebody else of the same name {of_row}"] if name else []),
    ]


def test_a_row_of_another_name_may_be_somebody_who_shares_the_address(namesakes, staff_client):
    _shown, buttons = open_page(staff_client(), check_list(f"Name,Email\nBen Ferrer,{MONA}\n"))

    assert buttons[-1] == "Somebody who shares the address (Ben Ferrer)"


@pytest.mark.parametrize("place", [0, 1])
def test_after_the_answer_only_the_chosen_client_is_shown(namesakes, staff_client, place):
    upload = check_list(f"Name,Email\nMona Ferrer,{MONA}\n")
    browser, chosen, other = staff_client(), namesakes[place], namesakes[1 - place]
    body = {"number": "2", "decision": "same", "client": str(chosen.pk)}

    browser.post(f"/console/acme/clients/uploads/{upload.pk}/answers/", body)

    shown, buttons = open_page(browser, upload)
    assert f"/console/acme/clients/{chosen.pk}/" in shown
    assert f"· m•••@example.com · {place + 1} of 2" in shown
    assert f"/console/acme/clients/{other.pk}/" not in shown
    assert buttons == ["Change the answer (Mona Ferrer)"]


def test_after_the_answer_that_it_is_somebody_else_nobody_is_shown(namesakes, staff_client):
    upload = check_list(f"Name,Email\nMona Ferrer,{MONA}\n")
    browser = staff_client()

    browser.post(f"/console/acme/clients/uploads/{upload.pk}/answers/", {"number": "2", "decision": "separate"})

    shown, _buttons = open_page(browser, upload)
    assert "Answered: a person of their own." in shown
    assert not any(f"/console/acme/clients/{client.pk}/" in shown for client in namesakes)


def test_the_client_who_was_chosen_is_named_even_if_not_among_the_first(staff_client, now):
    clients = [ClientFactory(name="Mona Ferrer", email=MONA) for _card in range(12)]
    upload = check_list(f"Name,Email\nMona Ferrer,{MONA}\n")
    browser = staff_client()
    shown, _buttons = open_page(browser, upload)
    [chosen, _further] = [one for one in clients if f"/console/acme/clients/{one.pk}/" not in shown]
    body = {"number": "2", "decision": "same", "client": str(chosen.pk)}

    browser.post(f"/console/acme/clients/uploads/{upload.pk}/answers/", body)

    shown, _buttons = open_page(browser, upload)
    assert f"/console/acme/clients/{chosen.pk}/" in shown
    assert "more client" not in shown


def test_the_message_counts_all_rows_that_no_answer_for_all_decides(namesakes, staff_client):
    ClientFactory(name="Lia Ferrer", email=MONA)
    rows = ["Mona Ferrer", "", "Ben Ferrer"]
    upload = check_list("Name,Email\n" + "".join(f"{name},{MONA}\n" for name in rows))
    page = f"/console/acme/clients/uploads/{upload.pk}/"

    shown = staff_client().post(f"{page}answers/", {"decision": "same"}, follow=True).content.decode()

    upload.refresh_from_db()
    assert (upload.counts["review"], upload.counts["conflict"]) == (1, 2)
    assert "3 rows can’t be answered together. Please answer each of them." in shown
    assert "1 row has an address that somebody else has, too." in shown
    assert "2 rows match several clients." in shown


def test_the_statements_do_not_grow_with_the_rows(namesakes, django_assert_num_queries):
    candidates = [RowCandidate(client, "m•••@example.com") for client in namesakes]

    with django_assert_num_queries(2):
        describe_candidates(dict.fromkeys(range(2, 9), candidates))

    assert Contact.objects.count() == 2
