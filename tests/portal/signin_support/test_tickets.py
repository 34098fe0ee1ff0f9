"""Is support asked, answered and let go, with the bell rung and nobody's data in its hands?"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.activity.models import Entry
from portal.cards.services import erase_client
from portal.messaging.models import Message, Notification, NotificationKind
from portal.signin_support.models import ReportedIdentifier
from tenants.context import use_business
from tenants.models import Ticket
from tenants.staff.actor import Staff
from tests.factories import ClientFactory, create_member
from tests.portal.signin_support.conftest import HELP
from workers.actors import housekeeping

STRANGER = "nora.neu@example.com"


@pytest.fixture
def asker(staff_client):
    """The colleague who asks."""
    return staff_client("staff")


@pytest.fixture
def ask(asker):
    """Return a function that asks support about what somebody typed."""

    def ask(typed=STRANGER):
        answer = asker.post(f"{HELP}tickets/without-client/", {"typed": typed})
        assert answer.status_code == 302, answer.content.decode()
        return answer

    return ask


@pytest.fixture
def about_ana(asker, ana):
    """A ticket about Ana."""
    asker.post(f"{HELP}clients/{ana.pk}/ticket/")
    return Ticket.objects.get()


def operator(*words) -> str:
    out = StringIO()
    call_command("tickets", *words, stdout=out)
    return out.getvalue()


def rung(acme) -> list[tuple[str, str]]:
    with use_business(acme):
        return list(
            Notification.objects.filter(kind=NotificationKind.TICKET, read_at=None).values_list("person_id", "subject")
        )


def close(browser, ticket, resolution="signed-in"):
    return browser.post(f"{HELP}tickets/{ticket.pk}/closure/", {"resolution": resolution}, follow=True)


def test_a_search_that_finds_nobody_offers_to_ask_and_one_that_does_offers_not(asker, ana, page):
    assert "Ask support about this" in page(asker, HELP, typed=STRANGER)
    assert "Ask support about this" not in page(asker, HELP, typed="ana@example.com")


@pytest.mark.parametrize("typed", [STRANGER, "+44 7700 900999", "Nora Neu"])
def test_what_was_typed_stays_at_the_business(acme, ask, asker, typed):
    there = ask(typed).headers["Location"]

    ticket = Ticket.objects.get()
    said = f"{ticket.subject} {ticket.snapshot}".lower()
    assert not [word for word in ("nora", "neu", "900999") if word in said]
    with use_business(acme):
        reported = ReportedIdentifier.objects.get()
        assert (reported.ticket_id, reported.typed) == (ticket.pk, typed)
        [line] = Entry.objects.filter(event_type="support.ticket-opened")
        assert "nora" not in str(line.data).lower()
    assert f"Somebody who typed {typed}" in asker.get(there).content.decode().replace("&#x2B;", "+")


def test_an_address_goes_along_masked_with_what_the_sign_in_page_did(ask, waiting):
    waiting.ask(STRANGER)
    ask()

    snapshot = Ticket.objects.get().snapshot
    assert snapshot["typed"] == "n•••@example.com"
    assert snapshot["attempts"][0]["entries"][0]["event_type"] == "access.code-requested"


def test_a_second_call_about_the_same_is_the_first_one(ask):
    assert ask().headers["Location"] == ask(STRANGER.upper()).headers["Location"]
    assert Ticket.objects.count() == 1
    ask("somebody.else@example.com")
    assert Ticket.objects.count() == 2


def test_whom_the_list_knows_is_asked_about_on_their_card(ask, ana):
    assert ask("ana@example.com").headers["Location"] == f"{HELP}clients/{ana.pk}/"
    assert not Ticket.objects.exists()


def test_what_was_typed_goes_with_the_person_it_belonged_to_after_all(acme, ask, now):
    ask()
    staff = Staff(person_id=create_member(acme, "owner").person_id, name="Olga", ip="10.0.0.1")
    with use_business(acme):
        nora = ClientFactory(name="Nora Neu", email=STRANGER)
        erase_client(business=acme, client=nora, staff=staff, now=now)

        assert not ReportedIdentifier.objects.exists()


def test_what_was_typed_is_kept_for_thirty_days(acme, ask, now):
    for typed in (STRANGER, "somebody.else@example.com"):
        ask(typed)
    with use_business(acme):
        ReportedIdentifier.objects.filter(typed=STRANGER).update(created_at=now - timedelta(days=31))

    housekeeping.purge_business(business_id=str(acme.pk))
    with use_business(acme):
        assert [reported.typed for reported in ReportedIdentifier.objects.all()] == ["somebody.else@example.com"]


def test_an_answer_rings_for_those_who_may_see_help_and_is_read_on_the_ticket(acme, about_ana, asker):
    looker = create_member(acme, "read-only")
    operator(str(about_ana.pk), "--answer", "Their mail server refuses us until noon.")

    people = {person for person, subject in rung(acme) if subject.startswith("Answered: the ticket of")}
    assert {looker.person_id, about_ana.opened_by_id} <= people
    text = asker.get(f"{HELP}tickets/{about_ana.pk}/").content.decode()
    assert "Their mail server refuses us until noon." in text
    assert "Support has answered." in asker.get(f"{HELP}clients/{about_ana.client_id}/").content.decode()


def test_a_notice_of_a_ticket_names_nobody_and_leads_there(acme, about_ana, asker):
    operator(str(about_ana.pk), "--answer", "Soon.")
    with use_business(acme):
        notice = Notification.objects.get(person_id=about_ana.opened_by_id)
        assert "Ana" not in notice.subject
        assert Message.objects.filter(subject_id=notice.pk).exists()

    answer = asker.get(f"/console/acme/notifications/{notice.pk}/")
    assert answer.headers["Location"] == f"{HELP}tickets/{about_ana.pk}/"


def test_staff_are_told_in_their_business_s_language(acme, about_ana):
    acme.language = "de"
    acme.save(update_fields=["language"])
    operator(str(about_ana.pk), "--close")

    assert {subject.split(":")[0] for _person, subject in rung(acme)} == {"Geschlossen"}


def test_who_asked_closes_it_with_a_reason_and_colleagues_are_told(acme, about_ana, asker, ana):
    assert "Choose why it is over." in close(asker, about_ana, "").content.decode()
    assert "Closed today" in close(asker, about_ana).content.decode()

    about_ana.refresh_from_db()
    assert (about_ana.state, about_ana.resolution) == ("closed", "signed-in")
    assert about_ana.opened_by_id not in {person for person, _subject in rung(acme)}
    assert rung(acme)
    with use_business(acme):
        assert Entry.objects.get(event_type="support.ticket-closed").client == ana
    assert "It was closed already." in close(asker, about_ana).content.decode()
    assert "Closed: The client is in" in asker.get(f"{HELP}clients/{ana.pk}/").content.decode()


def test_a_colleague_can_not_close_it(acme, about_ana, staff_client):
    owner = staff_client("owner")

    assert "Close the ticket" not in owner.get(f"{HELP}tickets/{about_ana.pk}/").content.decode()
    assert "Only the colleague who asked can close it" in close(owner, about_ana).content.decode()
    about_ana.refresh_from_db()
    assert about_ana.state == "open"


def test_support_s_own_reason_is_not_for_staff_to_choose(about_ana, asker):
    assert close(asker, about_ana, "by-support").status_code == 422


def test_support_closes_it_once(about_ana):
    operator(str(about_ana.pk), "--answer", "Done.", "--close")

    about_ana.refresh_from_db()
    assert (about_ana.state, about_ana.resolution, about_ana.answer) == ("closed", "by-support", "Done.")
    for words in (["--close"], ["--answer", "More."]):
        with pytest.raises(CommandError, match="closed already"):
            operator(str(about_ana.pk), *words)


def test_an_answer_needs_a_ticket(acme):
    with pytest.raises(CommandError, match="Name the ticket"):
        operator("--close")


def test_the_list_shows_the_business_s_own_open_ones_first(about_ana, ask, asker, staff_client, globex):
    close(asker, about_ana)
    ask()
    text = asker.get(f"{HELP}tickets/").content.decode()

    assert text.index(f"Somebody who typed {STRANGER}") < text.index("Ana Pereira")
    theirs = staff_client("owner", globex)
    assert "nothing yet" in theirs.get("/console/globex/sign-in-help/tickets/").content.decode()
    assert theirs.get(f"/console/globex/sign-in-help/tickets/{about_ana.pk}/").status_code == 404


def test_the_card_s_open_page_learns_of_an_answer(about_ana, asker, waiting):
    waiting.ask()
    live = f"{HELP}clients/{about_ana.client_id}/live/"
    mark = asker.get(live).content.decode().split("?seen=")[1].split('"')[0]
    assert asker.get(live, {"seen": mark}).status_code == 204

    operator(str(about_ana.pk), "--answer", "Soon.")
    assert "Support has answered." in asker.get(live, {"seen": mark}).content.decode()


@pytest.mark.parametrize("number", [1, 25])
def test_the_list_takes_few_statements_whatever_the_number(ask, asker, number, django_assert_max_num_queries):
    for one in range(number):
        ask(f"nobody{one}@example.com")
    with django_assert_max_num_queries(12):
        assert asker.get(f"{HELP}tickets/").status_code == 200


@pytest.mark.parametrize("whom", ["nobody", "ana"])
def test_who_presses_twice_at_once_asks_once(committed_db, acme, ana, platform_client, whom):
    person = create_member(acme, "staff").person
    page = f"{HELP}tickets/without-client/" if whom == "nobody" else f"{HELP}clients/{ana.pk}/ticket/"

    def ask(_press) -> int:
        with closing(connection):
            return platform_client(person).post(page, {"typed": STRANGER}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {302}
    assert Ticket.objects.count() == 1
