"""No row of a list is lost: it has a card of its own, is a question, or is joined with the row of the same person."""

import pytest
from django.utils import timezone

from portal.cards.services.erasing import erase_client
from portal.clients import services as clients
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import Client
from portal.clients.uploads import row_reviews, services
from portal.clients.uploads.models import RowDecision, Upload
from tenants.staff.staff_actor import StaffActor
from tests.attacks.client_lists import check_list, count_rows, import_checked_list, list_cards, process_upload

pytestmark = pytest.mark.usefixtures("in_acme")

SWITCHBOARD, MOBILE, OTHER_MOBILE = "+493023125120", "+491713920111", "+491713920222"
HEAD = "Name,Email,Phone,Tags,Note\n"
NAMESAKES = f"{HEAD}Jo Berg,jo1@example.com,{SWITCHBOARD},,\nJo Berg,jo2@example.com,{SWITCHBOARD},,\n"
KNOWN_WITH_EARLIER_MAILBOX = f"{HEAD}Ben Ferrer,x@example.com,,,\nMona Ferrer,x@example.com,{MOBILE},,\n"


@pytest.fixture
def mona(now):
    return clients.add_client(name="Mona Ferrer", identifiers=[parse_phone(MOBILE, country="DE")], now=now)


def list_all_cards():
    return sorted(
        (client.name, sorted(contact.value for contact in client.contacts.all()))
        for client in Client.objects.prefetch_related("contacts")
    )


def list_rows(upload):
    return list(upload.rows.order_by("number").values_list("outcome", "reason", "reason_detail", "emails", "phones"))


def answer(upload, number, decision):
    row_reviews.answer_row(upload=upload, number=number, decision=decision)
    upload.refresh_from_db()


def test_two_people_of_one_name_at_one_switchboard_are_a_question():
    upload = check_list(NAMESAKES)
    assert count_rows(upload) == {"new": 1, "review": 1}

    answer(upload, 3, RowDecision.SEPARATE)
    import_checked_list(upload)

    assert list_all_cards() == [
        ("Jo Berg", [SWITCHBOARD, "jo1@example.com"]),
        ("Jo Berg", [SWITCHBOARD, "jo2@example.com"]),
    ]


def test_one_person_with_two_mailboxes_gets_both_on_one_card():
    upload = check_list(NAMESAKES)

    answer(upload, 3, RowDecision.SAME)
    import_checked_list(upload)

    assert list_all_cards() == [("Jo Berg", [SWITCHBOARD, "jo1@example.com", "jo2@example.com"])]


@pytest.mark.parametrize("on_match", Upload.OnMatch.values)
def test_uploading_namesakes_again_changes_nothing(on_match):
    upload = check_list(NAMESAKES)
    answer(upload, 3, RowDecision.SEPARATE)
    import_checked_list(upload)
    before = list_all_cards()

    again = import_checked_list(check_list(NAMESAKES), on_match)

    assert (list_all_cards(), count_rows(again)) == (before, {"known": 2})


def test_a_namesake_of_somebody_on_the_list_is_a_question_beside_a_row_of_theirs(now):
    identifiers = [parse_email("jo1@example.com"), parse_phone(SWITCHBOARD, country="DE")]
    clients.add_client(name="Jo Berg", identifiers=identifiers, now=now)
    upload = check_list(NAMESAKES)
    assert count_rows(upload) == {"known": 1, "review": 1}

    answer(upload, 3, RowDecision.SEPARATE)
    import_checked_list(upload)

    assert list_all_cards() == [
        ("Jo Berg", [SWITCHBOARD, "jo1@example.com"]),
        ("Jo Berg", [SWITCHBOARD, "jo2@example.com"]),
    ]


def test_what_a_repetition_says_more_is_imported_with_the_first_row():
    upload = check_list(
        f'{HEAD}Jo Berg,jo@example.com,,Gold,First\nJO BERG,jo@example.com,{MOBILE},"gold,VIP",Second\n'
        f'"Berg, Jo",jo@work.example,{MOBILE},,\n'
    )
    assert count_rows(upload) == {"new": 1, "review": 1, "duplicate": 1}
    upload = check_list(
        f'{HEAD}Jo Berg,jo@example.com,,Gold,First\nJO BERG,jo@example.com,{MOBILE},"gold,VIP",Second\n'
        f'"Berg, Jo",,{MOBILE},,\n'
    )
    assert count_rows(upload) == {"new": 1, "duplicate": 2}

    import_checked_list(upload)

    [jo] = Client.objects.all()
    assert list_cards() == {"Jo Berg": {"jo@example.com", MOBILE}}
    assert sorted(jo.tags.values_list("name", flat=True)) == ["Gold", "VIP"]
    assert jo.notes.get().body == "First\nSecond"
    assert MOBILE in jo.search


def test_a_note_is_kept_beside_one_that_contains_its_words():
    import_checked_list(
        check_list(f"{HEAD}" + "".join(f"Jo Berg,jo@example.com,,,{n}\n" for n in ("not VIP", "VIP", "VIP")))
    )

    assert Client.objects.get().notes.get().body == "not VIP\nVIP"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}Mona Ferrer,mona@example.com,,,\nMona Ferrer,mona@example.com,{MOBILE},,\n",
        f"{HEAD}Mona Ferrer,mona@example.com,{MOBILE},,\nMona Ferrer,mona@example.com,,,\n",
    ],
)
def test_rows_of_one_person_update_the_card_that_one_of_them_has(mona, text):
    upload = check_list(text)
    assert count_rows(upload) == {"known": 1, "duplicate": 1}
    assert upload.counts["notices_fill"] == 1

    import_checked_list(upload, Upload.OnMatch.FILL)

    assert list_all_cards() == [("Mona Ferrer", [MOBILE, "mona@example.com"])]


def test_two_rows_of_one_card_are_joined(now):
    identifiers = [parse_email("jo@example.com"), parse_email("jo@work.example")]
    clients.add_client(name="Jo Berg", identifiers=identifiers, now=now)
    upload = check_list(f"{HEAD}Jo Berg,jo@example.com,,,\nJo Berg,jo@work.example,{MOBILE},,\n")
    assert count_rows(upload) == {"known": 1, "duplicate": 1}

    import_checked_list(upload)

    assert list_all_cards() == [("Jo Berg", [MOBILE, "jo@example.com", "jo@work.example"])]


def test_the_answer_same_person_keeps_every_address_of_the_row():
    upload = check_list(f"{HEAD}Mona Ferrer,mona@example.com,{MOBILE},,\nMona Kahn,mona@example.com,{OTHER_MOBILE},,\n")

    answer(upload, 3, RowDecision.SAME)
    import_checked_list(upload)

    assert list_cards() == {"Mona Ferrer": {"mona@example.com", MOBILE, OTHER_MOBILE}}


@pytest.mark.parametrize("on_match", Upload.OnMatch.values)
def test_a_client_gets_no_mailbox_that_another_name_has_in_an_earlier_row(mona, on_match):
    upload = import_checked_list(check_list(KNOWN_WITH_EARLIER_MAILBOX), on_match)

    assert (upload.counts["review"], upload.counts["changed"]) == (1, 0)
    assert list_cards() == {"Mona Ferrer": {MOBILE}, "Ben Ferrer": {"x@example.com"}}


@pytest.mark.parametrize(
    ("decision", "cards"),
    [
        (RowDecision.SEPARATE, [("Ben Ferrer", ["x@example.com"]), ("Mona Ferrer", [MOBILE, "x@example.com"])]),
        (RowDecision.SAME, [("Mona Ferrer", [MOBILE, "x@example.com"])]),
    ],
)
@pytest.mark.parametrize("is_for_all", [True, False])
def test_an_answer_decides_who_gets_the_mailbox_of_an_earlier_row(mona, decision, cards, is_for_all):
    upload = check_list(KNOWN_WITH_EARLIER_MAILBOX)

    if is_for_all:
        assert row_reviews.answer_all_rows(upload=upload, decision=decision) == 0
        upload.refresh_from_db()
    else:
        answer(upload, 3, decision)
    assert upload.counts["notices_overwrite"] == 1
    import_checked_list(upload)

    assert list_all_cards() == cards


@pytest.mark.parametrize("decision", RowDecision)
@pytest.mark.parametrize(
    "text",
    [
        NAMESAKES,
        KNOWN_WITH_EARLIER_MAILBOX,
        f"{HEAD}Mona Ferrer,m@example.com,,,\nMona Kahn,m@example.com,{OTHER_MOBILE},VIP,Note\n",
        f"{HEAD}Lia Kahn,,{MOBILE},,\nLia Kahn,lia@example.com,{MOBILE},VIP,\n",
    ],
)
def test_an_answer_that_is_taken_back_leaves_every_row_as_it_was(mona, text, decision):
    upload = check_list(text)
    before = list_rows(upload)
    number = upload.rows.filter(outcome="review").first().number

    answer(upload, number, decision)
    assert list_rows(upload) != before
    row_reviews.reopen_row(upload=upload, number=number)

    assert list_rows(upload) == before
    assert not upload.rows.filter(own_values__isnull=False).exclude(outcome="review").exists()


def test_rows_that_repeat_another_are_reopened_with_its_answer(mona):
    upload = check_list(f"{HEAD}Ben Ferrer,,{MOBILE},,\nLia Ferrer,,{MOBILE},,\n")
    row_reviews.answer_all_rows(upload=upload, decision=RowDecision.SAME)
    assert [row[0] for row in list_rows(upload)] == ["known", "duplicate"]

    row_reviews.reopen_row(upload=upload, number=2)

    assert [row[0] for row in list_rows(upload)] == ["review", "review"]


def test_joined_rows_can_be_undone(now):
    upload = check_list(NAMESAKES)
    answer(upload, 3, RowDecision.SAME)
    upload = import_checked_list(upload)
    services.undo_import(upload=upload, staff=None, now=timezone.now())
    upload.refresh_from_db()
    process_upload(upload)

    assert not Client.objects.exists()


@pytest.mark.parametrize("is_imported", [True, False])
def test_an_erasure_leaves_nothing_of_joined_rows(acme, mona, is_imported, now):
    text = f"{HEAD}Lia Kahn,lia@example.com,,,\nMona Ferrer,m@example.com,{MOBILE},,\nMona Kahn,m@example.com,,,Moved\n"
    upload = check_list(text)
    answer(upload, 4, RowDecision.SAME)
    if is_imported:
        import_checked_list(upload)

    erase_client(client=mona, business=acme, staff=StaffActor(mona.pk, "Eve", None), now=now)

    rows = str(list(upload.rows.values()))
    assert not [trace for trace in ("Mona", "m@example.com", MOBILE, "Moved") if trace in rows]
    assert "lia@example.com" in rows


def test_an_address_that_an_erasure_takes_from_a_joined_row_does_not_come_back(acme, now):
    eve = clients.add_client(name="Eve Stone", identifiers=[parse_email("eve@example.com")], now=now)
    upload = check_list(f"{HEAD}Lia Kahn,lia@example.com;eve@example.com,,,\nLia Kahn,lia@example.com,{MOBILE},,\n")
    answer(upload, 2, RowDecision.SEPARATE)
    assert upload.rows.get(number=2).own_values

    erase_client(client=eve, business=acme, staff=StaffActor(eve.pk, "Eve", None), now=now)

    assert "eve@example.com" not in str(list(upload.rows.values()))
    assert upload.rows.get(number=2).phones == [MOBILE]
    assert upload.rows.get(number=2).own_values["emails"] == ["lia@example.com"]
