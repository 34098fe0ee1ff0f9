"""Clients join the list, answer offers, and are told what became of them, on the portal's pages."""

from datetime import timedelta

import pytest

from portal.scheduling.models import (
    Appointment,
    QuestionKind,
    SchedulingSettings,
    ServiceQuestion,
    WaitingListEntry,
    WaitingListOffer,
    WaitingState,
)
from tenants.context import use_business
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.appointment_steps import read_page
from tests.portal.scheduling.scheduling_rows import NOW, at
from tests.portal.scheduling.waiting_list.waiting_steps import add_client, offer, wait_for

pytestmark = pytest.mark.django_db
FORM = {"from_on": "2027-01-11", "until_on": "2027-01-12", "part_of_day": "morning", "calendar": ""}
JOIN = "Put me on the waiting list"


@pytest.fixture
def massage(acme, ana):
    """A service with one hour a day, which is taken on MONDAY."""
    with use_business(acme):
        service = rows.create_service(rows.create_calendar(hours=(600, 660)))
        rows.book(rows.build_query(service), at(10), client=add_client("Holly Holder"))
        return service


@pytest.fixture
def offered(acme, ana, massage):
    """The hour on the day after, which is offered to Ana."""
    with use_business(acme):
        day = at(10, days=1).date()
        wait_for(massage, ana, from_on=day, until_on=day)
        return offer()


def get_entry(acme) -> WaitingListEntry:
    with use_business(acme):
        return WaitingListEntry.objects.get()


def test_a_day_without_a_free_time_leads_to_the_waiting_list(browser, massage):
    day = f"/book/{massage.pk}/?day=2027-01-11"
    assert JOIN in read_page(browser.get(day))
    assert JOIN not in read_page(browser.get(f"/book/{massage.pk}/?day=2027-01-12"))
    assert f"/book/{massage.pk}/waiting-list/?day=2027-01-11" in browser.get(day).content.decode()


def test_the_home_page_shows_what_is_offered_until_it_is_over(browser, offered, time_machine):
    page = browser.get("/")
    assert "A time has become free" in read_page(page)
    assert f"/book/offers/{offered.pk}/" in page.content.decode()

    time_machine.shift(timedelta(days=1))

    assert "A time has become free" not in read_page(browser.get("/"))


def test_who_has_not_signed_in_is_told_to(acme, massage, portal_client):
    page = read_page(portal_client(acme).get(f"/book/{massage.pk}/?day=2027-01-11"))
    assert "Sign in to be told when a time becomes free." in page
    assert JOIN not in page


def test_in_another_website_nothing_is_said_of_a_list(acme, massage, portal_client):
    page = read_page(portal_client(acme).get(f"/embed/booking/{massage.pk}/?day=2027-01-11"))
    assert "No free times" in page
    assert "waiting list" not in page


def test_a_client_joins_and_leaves(acme, ana, browser, massage):
    path = f"/book/{massage.pk}/waiting-list/"
    assert 'value="2027-01-11"' in browser.get(f"{path}?day=2027-01-11").content.decode()
    assert browser.post(path, FORM)["Location"] == "/appointments/"
    entry = get_entry(acme)
    assert (entry.client_id, entry.part_of_day) == (ana.pk, "morning")
    page = read_page(browser.get("/appointments/"))
    assert "11 January 2027 to 12 January 2027 · In the morning, before 12:00" in page

    browser.post(f"/appointments/waiting-list/{entry.pk}/withdrawal/")
    assert get_entry(acme).state == WaitingState.WITHDRAWN
    assert "In the morning" not in read_page(browser.get("/appointments/"))


def test_a_form_sent_twice_is_one_entry_and_other_days_are_refused(acme, browser, massage):
    path = f"/book/{massage.pk}/waiting-list/"
    assert [browser.post(path, FORM).status_code for _twice in range(2)] == [302, 302]
    refused = browser.post(path, FORM | {"part_of_day": "any"})
    assert refused.status_code == 409
    assert "You are on the waiting list for this service already." in read_page(refused)
    assert get_entry(acme)


@pytest.mark.parametrize(
    "typed",
    [
        {"from_on": "soon"},
        {"until_on": "2027-01-10"},
        {"until_on": "9999-12-31"},
        {"from_on": "0001-01-01"},
        {"part_of_day": "night"},
        {"calendar": "somebody"},
        {"until_on": "2027-01-01", "from_on": "2027-01-01"},
    ],
)
def test_what_makes_no_sense_is_answered_with_a_sentence(acme, browser, massage, typed):
    answer = browser.post(f"/book/{massage.pk}/waiting-list/", FORM | typed)
    assert answer.status_code == 422
    assert "error" in answer.content.decode()


def test_a_business_that_switched_it_off_has_no_such_page(acme, browser, request):
    with use_business(acme):
        SchedulingSettings.objects.create(has_waiting_list=False)
    massage = request.getfixturevalue("massage")
    assert browser.get(f"/book/{massage.pk}/waiting-list/").status_code == 404
    assert JOIN not in read_page(browser.get(f"/book/{massage.pk}/?day=2027-01-11"))


def test_a_client_sees_and_accepts_an_offer(acme, browser, offered):
    assert f"/book/offers/{offered.pk}/" in browser.get("/appointments/").content.decode()
    page = read_page(browser.get(f"/book/offers/{offered.pk}/"))
    assert "Tuesday, 12 January 2027, 10:00 – 11:00" in page
    assert "It is kept for you until Monday, 4 January 2027, 13:00" in page

    answer = browser.post(f"/book/offers/{offered.pk}/acceptance/", {"note": "Knee"})
    assert answer["Location"] == f"/appointments/{offered.appointment_id}/"
    with use_business(acme):
        booked = Appointment.objects.get(pk=offered.appointment_id)
    assert (booked.state, booked.note) == ("confirmed", "Knee")
    # A second click, and the link in the mail, lead to what was booked.
    assert browser.post(f"/book/offers/{offered.pk}/acceptance/")["Location"] == answer["Location"]
    assert browser.get(f"/book/offers/{offered.pk}/")["Location"] == answer["Location"]


def test_looking_at_an_offer_answers_nothing(acme, browser, offered):
    for path in ("", "acceptance/", "refusal/"):
        browser.get(f"/book/offers/{offered.pk}/{path}")
    assert get_entry(acme).state == WaitingState.OFFERED


def test_what_the_service_asks_is_asked_before_an_offer_is_accepted(acme, browser, offered, massage):
    with use_business(acme):
        question = ServiceQuestion.objects.create(
            service=massage, label="Pain?", kind=QuestionKind.SHORT_TEXT, is_required=True
        )
    path = f"/book/offers/{offered.pk}/acceptance/"
    assert browser.post(path).status_code == 422
    assert browser.post(path, {f"question-{question.pk}": "Back"}).status_code == 302
    with use_business(acme):
        assert Appointment.objects.get(pk=offered.appointment_id).answers == [["Pain?", "Back"]]


def test_a_client_declines_an_offer_and_waits_on(acme, browser, offered):
    assert browser.post(f"/book/offers/{offered.pk}/refusal/")["Location"] == "/appointments/"
    assert get_entry(acme).state == WaitingState.WAITING
    assert "Accept or decline" not in read_page(browser.get("/appointments/"))


def test_an_offer_that_is_over_leads_to_the_nearest_free_times(acme, browser, offered, massage, time_machine):
    time_machine.move_to(offered.expires_at, tick=False)
    for answer in (
        browser.post(f"/book/offers/{offered.pk}/acceptance/"),
        browser.post(f"/book/offers/{offered.pk}/refusal/"),
    ):
        assert answer.status_code == 409
        assert "This offer is over" in read_page(answer)
        assert f"/book/{massage.pk}/?day=2027-01-13" in answer.content.decode()
    assert browser.get(f"/book/offers/{offered.pk}/").status_code == 200


def test_an_offer_and_an_entry_of_somebody_else_are_not_found(acme, browser, offered, massage):
    with use_business(acme):
        mallory = add_client("Mallory Other")
        entry = wait_for(massage, mallory, from_on=at(10, days=2).date(), until_on=at(10, days=2).date())
        offer()
        other = WaitingListOffer.objects.get(entry=entry)
    paths = [f"/book/offers/{other.pk}/acceptance/", f"/book/offers/{other.pk}/refusal/"]
    paths.append(f"/appointments/waiting-list/{entry.pk}/withdrawal/")
    assert [browser.post(path).status_code for path in paths] == [404, 404, 404]
    assert browser.get(f"/book/offers/{other.pk}/").status_code == 404


def test_twenty_entries_take_no_more_statements_than_one(acme, ana, browser, massage, django_assert_max_num_queries):
    def count_statements():
        with django_assert_max_num_queries(60) as context:
            browser.get("/appointments/")
        return len(context)

    with use_business(acme):
        wait_for(massage, ana)
    browser.get("/appointments/")
    before = count_statements()
    with use_business(acme):
        for number in range(8):
            wait_for(rows.create_service(rows.create_calendar(f"C{number}"), name=f"S{number}"), ana)
            offer(now=NOW + timedelta(seconds=1))
    assert count_statements() == before
