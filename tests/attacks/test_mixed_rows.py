"""A row with addresses of two clients of different names gives neither the other's without an answer of staff."""

import pytest

from portal.clients import services as clients
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.uploads import row_reviews
from portal.clients.uploads.models import RowDecision, Upload
from portal.clients.uploads.row_candidates import find_candidates
from tests.attacks.client_lists import check_list, count_rows, import_checked_list, list_cards

pytestmark = pytest.mark.usefixtures("in_acme")

ANNAS_NUMBER, BOBS_NUMBER = "+491713920111", "+491713920222"
MIXED_ROWS = [
    f"Name,Email,Phone\nAnna Berg,bob@example.com,{ANNAS_NUMBER}\n",
    f"Name,Email,Phone\nAnna Berg,anna@example.com,{BOBS_NUMBER}\n",
]


@pytest.fixture
def anna_and_bob(now):
    return [
        clients.add_client(name=name, identifiers=[parse_email(email), parse_phone(number, country="DE")], now=now)
        for name, email, number in (
            ("Anna Berg", "anna@example.com", ANNAS_NUMBER),
            ("Bob Kahn", "bob@example.com", BOBS_NUMBER),
        )
    ]


@pytest.mark.parametrize("on_match", Upload.OnMatch.values)
@pytest.mark.parametrize("text", [*MIXED_ROWS, MIXED_ROWS[0].replace("Anna Berg", "Annie Berg")])
def test_a_row_gives_nobody_the_address_of_somebody_of_another_name(anna_and_bob, text, on_match):
    before = list_cards()

    upload = import_checked_list(check_list(text), on_match)

    assert count_rows(upload) == {"review": 1}
    assert list_cards() == before


@pytest.mark.parametrize("text", MIXED_ROWS)
def test_staff_choose_between_the_owners_of_the_addresses_of_one_row(anna_and_bob, text):
    upload = check_list(text)
    [row] = upload.rows.all()
    assert {one.client for one in find_candidates([row])[row.number].first} == set(anna_and_bob)
    assert row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SAME) == 1

    row_reviews.answer_row(upload=upload, number=2, decision=RowDecision.SAME, client_id=anna_and_bob[0].pk)
    upload.refresh_from_db()
    import_checked_list(upload)

    added = {"bob@example.com"} if "bob@" in text else {BOBS_NUMBER}
    assert list_cards()["Anna Berg"] == {"anna@example.com", ANNAS_NUMBER} | added


@pytest.mark.parametrize("text", MIXED_ROWS)
def test_a_person_of_their_own_leaves_the_cards_of_both_owners_alone(anna_and_bob, text):
    before = {client.pk: client.contacts.count() for client in anna_and_bob}
    upload = check_list(text)

    row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SEPARATE)
    upload.refresh_from_db()
    upload = import_checked_list(upload)

    assert {client.pk: client.contacts.count() for client in anna_and_bob} == before
    assert (upload.counts["created"], upload.counts["changed"]) == (1, 0)


def test_a_row_without_a_name_gives_nobody_the_number_of_somebody_else(anna_and_bob):
    before = list_cards()

    upload = import_checked_list(check_list(f"Name,Email,Phone\n,anna@example.com,{BOBS_NUMBER}\n"))

    assert count_rows(upload) == {"conflict": 1}
    assert list_cards() == before


def test_two_cards_of_one_name_may_share_an_address(anna_and_bob, now):
    clients.add_client(name="Berg, Anna", identifiers=[parse_email("berg@example.com")], now=now)

    upload = check_list(f"Name,Email,Phone\nAnna Berg,berg@example.com,{ANNAS_NUMBER}\n")

    assert count_rows(upload) == {"known": 1}
