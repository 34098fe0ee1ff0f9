"""Tests of tickets with support: opened, answered and closed, with notifications and without personal data."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.activity.models import Entry
from portal.cards.services import erase_client
from portal.messaging.models import Message, Notification
from portal.signin_support.kinds import SupportNotification
from portal.signin_support.models import ReportedIdentifier
from tenants.context import use_business
from tenants.models import SupportTicket
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, create_member
from tests.portal.signin_support.conftest import SUPPORT_URL
from workers.actors import housekeeping

STRANGER = "nora.neu@example.com"


@pytest.fixture
def staff_browser(staff_client):
    """The browser of the member of staff who opens tickets."""
    return staff_client("staff")


@pytest.fixture
def open_ticket_as_staff(staff_browser):
    """Return a function that opens a ticket about what somebody typed."""

    def open_ticket_as_staff(typed=STRANGER):
        answer = staff_browser.post(f"{SUPPORT_URL}tickets/without-client/", {"typed": typed})
        assert answer.status_code == 302, answer.content.decode()
        return answer

    return open_ticket_as_staff


@pytest.fixture
def ticket_about_ana(staff_browser, ana):
    """A ticket about Ana."""
    staff_browser.post(f"{SUPPORT_URL}clients/{ana.pk}/ticket/")
    return SupportTicket.objects.get()


def run_tickets_command(*arguments) -> str:
    out = StringIO()
    call_command("tickets", *arguments, stdout=out)
    return out.getvalue()


def list_ticket_notifications(acme) -> list[tuple[str, str]]:
    with use_business(acme):
        return list(
            Notification.objects.filter(kind=SupportNotification.TICKET, read_at=None).values_list(
                "person_id", "subject"
            )
        )


def close_ticket_as_staff(browser, ticket, resolution="signed-in"):
    return browser.post(f"{SUPPORT_URL}tickets/{ticket.pk}/closure/", {"resolution": resolution}, follow=True)


def test_a_search_offers_a_ticket_only_when_it_finds_nobody(staff_browser, ana, read_page):
    assert "Contact support about this" in read_page(staff_browser, SUPPORT_URL, typed=STRANGER)
    assert "Contact support about this" not in read_page(staff_browser, SUPPORT_URL, typed="ana@example.com")


@pytest.mark.parametrize("typed", [STRANGER, "+44 7700 900999", "Nora Neu"])
def test_the_typed_text_stays_at_the_business(acme, open_ticket_as_staff, staff_browser, typed):
    ticket_url = open_ticket_as_staff(typed).headers["Location"]

    ticket = SupportTicket.objects.get()
    text = f"{ticket.subject} {ticket.snapshot}".lower()
    assert not [word for word in ("nora", "neu", "900999") if word in text]
    with use_business(acme):
        reported = ReportedIdentifier.objects.get()
        assert (reported.ticket_id, reported.typed) == (ticket.pk, typed)
        [entry] = Entry.objects.filter(event_type="support.ticket-opened")
        assert "nora" not in str(entry.data).lower()
    assert f"Somebody who entered {typed}" in staff_browser.get(ticket_url).content.decode().replace("&#x2B;", "+")


def test_a_ticket_holds_the_masked_address_and_its_attempts(open_ticket_as_staff, signing_in_client):
    signing_in_client.request_code(STRANGER)
    open_ticket_as_staff()

    snapshot = SupportTicket.objects.get().snapshot
    assert snapshot["typed"] == "n•••@example.com"
    assert snapshot["attempts"][0]["entries"][0]["event_type"] == "access.code-requested"


def test_a_second_ticket_about_the_same_text_returns_the_open_one(open_ticket_as_staff):
    assert open_ticket_as_staff().headers["Location"] == open_ticket_as_staff(STRANGER.upper()).headers["Location"]
    assert SupportTicket.objects.count() == 1
    open_ticket_as_staff("somebody.else@example.com")
    assert SupportTicket.objects.count() == 2


def test_a_ticket_about_a_known_client_is_opened_from_their_card(open_ticket_as_staff, ana):
    assert open_ticket_as_staff("ana@example.com").headers["Location"] == f"{SUPPORT_URL}clients/{ana.pk}/"
    assert not SupportTicket.objects.exists()


def test_erasing_a_client_deletes_the_identifiers_reported_of_them(acme, open_ticket_as_staff, now):
    open_ticket_as_staff()
    staff = StaffActor(person_id=create_member(acme, "owner").person_id, name="Olga", ip="10.0.0.1")
    with use_business(acme):
        nora = ClientFactory(name="Nora Neu", email=STRANGER)
        erase_client(business=acme, client=nora, staff=staff, now=now)

        assert not ReportedIdentifier.objects.exists()


def test_reported_identifiers_are_kept_for_thirty_days(acme, open_ticket_as_staff, now):
    for typed in (STRANGER, "somebody.else@example.com"):
        open_ticket_as_staff(typed)
    with use_business(acme):
        ReportedIdentifier.objects.filter(typed=STRANGER).update(created_at=now - timedelta(days=31))

    housekeeping.purge_expired_business_rows(business_id=str(acme.pk))
    with use_business(acme):
        assert [reported.typed for reported in ReportedIdentifier.objects.all()] == ["somebody.else@example.com"]


def test_an_answer_is_shown_on_the_ticket_and_notifies_permitted_members(acme, ticket_about_ana, staff_browser):
    read_only = create_member(acme, "read-only")
    run_tickets_command(str(ticket_about_ana.pk), "--answer", "Their mail server refuses us until noon.")

    people = {
        person for person, subject in list_ticket_notifications(acme) if subject.startswith("Answered: ticket of")
    }
    assert {read_only.person_id, ticket_about_ana.opened_by_id} <= people
    text = staff_browser.get(f"{SUPPORT_URL}tickets/{ticket_about_ana.pk}/").content.decode()
    assert "Their mail server refuses us until noon." in text
    assert (
        "Support has replied."
        in staff_browser.get(f"{SUPPORT_URL}clients/{ticket_about_ana.client_id}/").content.decode()
    )


def test_a_ticket_notification_names_nobody_and_links_to_the_ticket(acme, ticket_about_ana, staff_browser):
    run_tickets_command(str(ticket_about_ana.pk), "--answer", "Soon.")
    with use_business(acme):
        notice = Notification.objects.get(person_id=ticket_about_ana.opened_by_id)
        assert "Ana" not in notice.subject
        assert Message.objects.filter(subject_id=notice.pk).exists()

    answer = staff_browser.get(f"/console/acme/notifications/{notice.pk}/")
    assert answer.headers["Location"] == f"{SUPPORT_URL}tickets/{ticket_about_ana.pk}/"


def test_staff_are_notified_in_their_business_s_language(acme, ticket_about_ana):
    acme.language = "de"
    acme.save(update_fields=["language"])
    run_tickets_command(str(ticket_about_ana.pk), "--close")

    assert {subject.split(":")[0] for _person, subject in list_ticket_notifications(acme)} == {"Geschlossen"}


def test_the_opener_closes_a_ticket_with_a_reason_and_colleagues_are_notified(
    acme, ticket_about_ana, staff_browser, ana
):
    assert "Choose a reason." in close_ticket_as_staff(staff_browser, ticket_about_ana, "").content.decode()
    assert "Closed today" in close_ticket_as_staff(staff_browser, ticket_about_ana).content.decode()

    ticket_about_ana.refresh_from_db()
    assert (ticket_about_ana.state, ticket_about_ana.resolution) == ("closed", "signed-in")
    assert ticket_about_ana.opened_by_id not in {person for person, _subject in list_ticket_notifications(acme)}
    assert list_ticket_notifications(acme)
    with use_business(acme):
        assert Entry.objects.get(event_type="support.ticket-closed").client == ana
    assert "This ticket was already closed." in close_ticket_as_staff(staff_browser, ticket_about_ana).content.decode()
    assert "Closed: The client could sign in" in staff_browser.get(f"{SUPPORT_URL}clients/{ana.pk}/").content.decode()


def test_a_colleague_cannot_close_a_ticket(acme, ticket_about_ana, staff_client):
    owner = staff_client("owner")

    assert "Close the ticket" not in owner.get(f"{SUPPORT_URL}tickets/{ticket_about_ana.pk}/").content.decode()
    assert (
        "Only the colleague who opened the ticket or support can close it"
        in close_ticket_as_staff(owner, ticket_about_ana).content.decode()
    )
    ticket_about_ana.refresh_from_db()
    assert ticket_about_ana.state == "open"


def test_staff_cannot_choose_the_support_only_reason(ticket_about_ana, staff_browser):
    assert close_ticket_as_staff(staff_browser, ticket_about_ana, "by-support").status_code == 422


def test_support_closes_a_ticket_once(ticket_about_ana):
    run_tickets_command(str(ticket_about_ana.pk), "--answer", "Done.", "--close")

    ticket_about_ana.refresh_from_db()
    assert (ticket_about_ana.state, ticket_about_ana.resolution, ticket_about_ana.answer) == (
        "closed",
        "by-support",
        "Done.",
    )
    for arguments in (["--close"], ["--answer", "More."]):
        with pytest.raises(CommandError, match="already closed"):
            run_tickets_command(str(ticket_about_ana.pk), *arguments)


def test_answering_requires_a_ticket(acme):
    with pytest.raises(CommandError, match="Give the id of the ticket"):
        run_tickets_command("--close")


def test_the_list_shows_the_business_s_tickets_open_ones_first(
    ticket_about_ana, open_ticket_as_staff, staff_browser, staff_client, globex
):
    close_ticket_as_staff(staff_browser, ticket_about_ana)
    open_ticket_as_staff()
    text = staff_browser.get(f"{SUPPORT_URL}tickets/").content.decode()

    assert text.index(f"Somebody who entered {STRANGER}") < text.index("Ana Pereira")
    theirs = staff_client("owner", globex)
    assert "No support tickets yet" in theirs.get("/console/globex/sign-in-help/tickets/").content.decode()
    assert theirs.get(f"/console/globex/sign-in-help/tickets/{ticket_about_ana.pk}/").status_code == 404


def test_the_open_page_of_a_client_shows_an_answer(ticket_about_ana, staff_browser, signing_in_client):
    signing_in_client.request_code()
    live = f"{SUPPORT_URL}clients/{ticket_about_ana.client_id}/live/"
    etag = staff_browser.get(live).content.decode().split("?seen=")[1].split('"')[0]
    assert staff_browser.get(live, {"seen": etag}).status_code == 204

    run_tickets_command(str(ticket_about_ana.pk), "--answer", "Soon.")
    assert "Support has replied." in staff_browser.get(live, {"seen": etag}).content.decode()


@pytest.mark.parametrize("number", [1, 25])
def test_the_ticket_list_takes_few_statements(
    open_ticket_as_staff, staff_browser, number, django_assert_max_num_queries
):
    for place in range(number):
        open_ticket_as_staff(f"nobody{place}@example.com")
    with django_assert_max_num_queries(12):
        assert staff_browser.get(f"{SUPPORT_URL}tickets/").status_code == 200


@pytest.mark.parametrize("about", ["nobody", "ana"])
def test_concurrent_requests_open_one_ticket(committed_db, acme, ana, platform_client, about):
    person = create_member(acme, "staff").person
    page = f"{SUPPORT_URL}tickets/without-client/" if about == "nobody" else f"{SUPPORT_URL}clients/{ana.pk}/ticket/"

    def open_ticket_as_staff(_press) -> int:
        with closing(connection):
            return platform_client(person).post(page, {"typed": STRANGER}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(open_ticket_as_staff, range(4))) == {302}
    assert SupportTicket.objects.count() == 1
