"""Somebody of another name with the same address changes nobody's card unless staff say they are one."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.clients import services as clients
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.uploads import row_reviews, services, upload_processing
from portal.clients.uploads.models import RowDecision, Upload
from portal.clients.uploads.row_candidates import find_candidates
from tests.attacks.client_lists import check_list, count_rows, import_checked_list, list_cards

pytestmark = pytest.mark.usefixtures("in_acme")

MONA = "mona@example.com"
BENS_ROW = f"Name,Email,Phone\nBen Ferrer,{MONA},+49 171 3920555\n"
FAMILY = (
    "Name,Email,Phone\nMona Ferrer,mona@example.com,0171 3920021\nBen Ferrer,mona@example.com,0171 3920021\n"
    "Lia Ferrer,mona@example.com,\nTom Ferrer,,0171 3920021\nDesk One,desk.one@example.com,030 23125120\n"
    "Desk Two,desk.two@example.com,030 23125120\nDesk Three,desk.three@example.com,030 23125120\n"
)


@pytest.fixture
def mona(now):
    return clients.add_client(name="Mona Ferrer", identifiers=[parse_email(MONA)], now=now)


@pytest.mark.parametrize("on_match", Upload.OnMatch.values)
def test_a_row_with_another_name_changes_nothing_until_staff_answer(mona, on_match):
    upload = import_checked_list(check_list(BENS_ROW), on_match)

    assert list_cards() == {"Mona Ferrer": {MONA}}
    assert (upload.counts["review"], upload.counts["created"], upload.counts["changed"]) == (1, 0, 0)


def test_the_number_of_a_client_with_another_name_changes_nothing_either(now):
    number = parse_phone("+491713920555", country="DE")
    clients.add_client(name="Mona Ferrer", identifiers=[number], now=now)

    import_checked_list(check_list("Name,Email,Phone\nBen Ferrer,ben@example.com,+491713920555\n"))

    assert list_cards() == {"Mona Ferrer": {number.value}}


@pytest.mark.parametrize(
    ("decision", "cards"),
    [
        (RowDecision.SAME, {"Ben Ferrer": {MONA, "+491713920555"}}),
        (RowDecision.SEPARATE, {"Mona Ferrer": {MONA}, "Ben Ferrer": {MONA, "+491713920555"}}),
    ],
)
@pytest.mark.parametrize("is_for_all", [True, False])
def test_an_answer_decides_whose_card_a_row_is(mona, decision, cards, is_for_all):
    upload = check_list(BENS_ROW)

    if is_for_all:
        row_reviews.answer_all_rows(upload=upload, decision=decision)
    else:
        row_reviews.answer_row(upload=upload, number=2, decision=decision)
    upload.refresh_from_db()
    import_checked_list(upload)

    assert list_cards() == cards


def test_a_row_without_a_name_and_a_card_named_by_its_address_are_no_question(now):
    clients.add_client(name=MONA, identifiers=[parse_email(MONA)], now=now)
    clients.add_client(name="Ben", identifiers=[parse_email("ben@example.com")], now=now)

    upload = check_list(f"Name,Email\nMona Ferrer,{MONA}\n,ben@example.com\n")

    assert count_rows(upload) == {"known": 2}


def test_a_family_and_colleagues_in_one_list_all_become_clients():
    upload = check_list(FAMILY)
    assert count_rows(upload) == {"new": 4, "review": 3}
    assert sum(count_rows(upload).values()) == FAMILY.count("\n") - 1

    row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SEPARATE)
    upload.refresh_from_db()
    import_checked_list(upload)

    assert set(list_cards()) == {
        *("Mona Ferrer", "Ben Ferrer", "Lia Ferrer", "Tom Ferrer"),
        *("Desk One", "Desk Two", "Desk Three"),
    }
    assert list_cards()["Ben Ferrer"] == {MONA, "+491713920021"}


@pytest.mark.parametrize("on_match", Upload.OnMatch.values)
def test_uploading_a_family_again_after_the_answers_changes_nothing(on_match):
    upload = check_list(FAMILY)
    row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SEPARATE)
    upload.refresh_from_db()
    import_checked_list(upload)
    before = list_cards()

    again = import_checked_list(check_list(FAMILY), on_match)

    assert list_cards() == before
    assert count_rows(again) == {"known": 7}
    assert (again.counts["created"], again.counts["changed"]) == (0, 0)


def test_a_family_is_imported_alike_whichever_chunk_comes_first(monkeypatch):
    monkeypatch.setattr(upload_processing, "CHUNK_ROWS", 1)
    upload = check_list(FAMILY)
    row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SEPARATE)
    services.start_import(upload=upload, on_match="skip", staff=None, now=timezone.now(), inline=True)
    upload.refresh_from_db()
    upload_processing._prepare_chunks(upload)
    chunks = upload.import_chunks.order_by("-first")
    for chunk in chunks:
        upload.import_chunks.exclude(first=chunk.first).update(is_written=True)
        upload.import_chunks.filter(first=chunk.first).update(is_written=False)
        assert upload_processing.import_chunk(upload, now=timezone.now())

    assert len(list_cards()) == 7


def test_two_rows_of_one_name_make_one_card_even_if_they_share_the_address_of_somebody_else(mona):
    upload = check_list(BENS_ROW + f"ferrer, ben,{MONA},\n".replace("ferrer, ben", '"FERRER, BEN"'))

    row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SEPARATE)
    upload.refresh_from_db()
    import_checked_list(upload)

    assert sorted(list_cards()) == ["Ben Ferrer", "Mona Ferrer"]


def test_one_card_is_changed_by_one_row_with_which_the_others_are_joined(mona):
    upload = check_list(BENS_ROW + f"Lia Ferrer,{MONA},+49 171 3920556\nMona Ferrer,{MONA},+49 171 3920557\n")

    row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SAME)
    upload.refresh_from_db()
    import_checked_list(upload)

    assert list_cards() == {"Mona Ferrer": {MONA, "+491713920555", "+491713920556", "+491713920557"}}
    assert count_rows(upload) == {"known": 1, "duplicate": 2}


def test_among_several_cards_staff_choose_and_a_stranger_s_card_is_refused(mona, now):
    ben = clients.add_client(name="Ben Ferrer", identifiers=[parse_email(MONA)], now=now)
    stranger = clients.add_client(name="Stranger", identifiers=[parse_email("else@example.com")], now=now)
    upload = check_list(f"Name,Email,Phone\nB. Ferrer,{MONA},+49 171 3920555\n")
    [row] = upload.rows.all()
    candidates = find_candidates([row])[row.number].first
    assert {(one.client, one.masked) for one in candidates} == {(mona, "m•••@example.com"), (ben, "m•••@example.com")}

    assert row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SAME) == 1
    for wrong in (stranger.pk, None):
        with pytest.raises(row_reviews.ReviewClosed):
            row_reviews.answer_row(upload=upload, number=2, decision=RowDecision.SAME, client_id=wrong)
    row_reviews.answer_row(upload=upload, number=2, decision=RowDecision.SAME, client_id=ben.pk)
    upload.refresh_from_db()
    import_checked_list(upload, Upload.OnMatch.FILL)

    assert list_cards() == {
        "Mona Ferrer": {MONA},
        "Ben Ferrer": {MONA, "+491713920555"},
        "Stranger": {"else@example.com"},
    }


def add_namesakes(now):
    """Add two clients of one name who share a mailbox."""
    return [clients.add_client(name="Mona Ferrer", identifiers=[parse_email(MONA)], now=now) for _card in range(2)]


def test_among_cards_of_one_name_staff_choose_and_a_stranger_s_card_is_refused(now):
    one, other = add_namesakes(now)
    stranger = clients.add_client(name="Mona Ferrer", identifiers=[parse_email("else@example.com")], now=now)
    upload = check_list(f"Name,Email,Phone\nMona Ferrer,{MONA},+49 171 3920555\n")
    assert count_rows(upload) == {"conflict": 1}

    for decision in RowDecision:
        row_reviews.answer_all_rows(upload=upload, decision=decision)
    for wrong in (stranger.pk, None):
        with pytest.raises(row_reviews.ReviewClosed):
            row_reviews.answer_row(upload=upload, number=2, decision=RowDecision.SAME, client_id=wrong)
    for chosen in (one, other):
        row_reviews.answer_row(upload=upload, number=2, decision=RowDecision.SAME, client_id=chosen.pk)
        if chosen == one:
            row_reviews.reopen_row(upload=upload, number=2)
            assert upload.rows.get().outcome == "conflict"
    upload.refresh_from_db()
    import_checked_list(upload)

    assert [client.contacts.count() for client in (one, other, stranger)] == [1, 2, 1]


def test_a_row_without_a_name_is_made_no_client_of_its_own(now):
    add_namesakes(now)
    upload = check_list(f"Name,Email\n,{MONA}\n")

    with pytest.raises(row_reviews.ReviewClosed):
        row_reviews.answer_row(upload=upload, number=2, decision=RowDecision.SEPARATE)

    assert count_rows(upload) == {"conflict": 1}


@pytest.mark.parametrize(("name", "may_be_new"), [("Mona Ferrer", True), ("", False)])
def test_the_page_offers_each_of_several_cards(staff_client, now, name, may_be_new):
    cards = add_namesakes(now)
    upload = check_list(f"Name,Email\n{name},{MONA}\n")
    browser, page = staff_client(), f"/console/acme/clients/uploads/{upload.pk}/"

    shown = browser.get(page).content.decode()
    assert "1 row matches several clients." in shown
    for card in cards:
        assert f'name="client" value="{card.pk}"' in shown
    assert ("Somebody else of the same name" in shown) is may_be_new
    browser.post(f"{page}answers/", {"number": "2", "decision": "same", "client": str(cards[1].pk)})

    row = upload.rows.get()
    assert (row.outcome, row.client_id) == ("known", cards[1].pk)


@pytest.mark.parametrize("text", [BENS_ROW, "Name,Email\nMona Ferrer,new@example.com\nBen Ferrer,new@example.com\n"])
@pytest.mark.parametrize("decision", RowDecision)
def test_an_answer_can_be_taken_back(mona, text, decision):
    upload = check_list(text)
    before = list(upload.rows.order_by("number").values_list("outcome", "reason", "reason_detail"))
    number = upload.rows.get(outcome="review").number

    row_reviews.answer_row(upload=upload, number=number, decision=decision)
    row_reviews.reopen_row(upload=upload, number=number)

    assert list(upload.rows.order_by("number").values_list("outcome", "reason", "reason_detail")) == before
    upload.refresh_from_db()
    assert upload.counts["review"] == 1


def test_nothing_is_answered_once_the_import_runs(mona):
    upload = check_list(BENS_ROW)
    services.start_import(upload=upload, on_match="skip", staff=None, now=timezone.now(), inline=True)

    for answer in (
        lambda: row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SAME),
        lambda: row_reviews.answer_row(upload=upload, number=2, decision=RowDecision.SAME),
        lambda: row_reviews.reopen_row(upload=upload, number=2),
    ):
        with pytest.raises(row_reviews.ReviewClosed):
            answer()


def test_the_page_says_whose_card_it_is_and_takes_the_answer(mona, staff_client):
    upload = check_list(BENS_ROW)
    browser, page = staff_client(), f"/console/acme/clients/uploads/{upload.pk}/"

    shown = browser.get(page).content.decode()
    assert "Same person as Mona Ferrer" in shown
    assert "m•••@example.com" in shown
    answer = browser.post(f"{page}answers/", {"number": "2", "decision": "separate", "outcome": "review", "page": "1"})

    assert answer.headers["Location"] == f"{page}?outcome=review&page=1#rows"
    assert upload.rows.get().outcome == "new"
    assert "a person of their own" in browser.get(page).content.decode()
    browser.post(f"{page}answers/", {"number": "2"})
    assert upload.rows.get().outcome == "review"


@pytest.mark.parametrize(("answer", "names"), [("separate", ["Ben Ferrer", "Mona Ferrer"]), ("skip", ["Mona Ferrer"])])
def test_the_command_takes_the_answer_as_an_option(acme, mona, tmp_path, answer, names):
    file = tmp_path / "list.csv"
    file.write_text(BENS_ROW)

    call_command("import_clients", file, business="acme", other_name=answer, stdout=StringIO())

    assert sorted(list_cards()) == names


def test_another_name_at_the_form_for_a_new_client_asks_and_changes_nothing(mona, staff_client):
    answer = staff_client().post(
        "/console/acme/clients/new/", {"name": "Ben Ferrer", "email": MONA, "mobile": "", "language": ""}
    )

    assert answer.status_code == 409
    assert list_cards() == {"Mona Ferrer": {MONA}}
