"""Staff see who waits, add and remove clients, and offer times by hand."""

import pytest

from portal.scheduling.models import OfferState, WaitingListEntry, WaitingListOffer, WaitingState
from tenants.context import use_business
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.appointment_steps import read_page
from tests.portal.scheduling.scheduling_rows import NOW, at
from tests.portal.scheduling.waiting_list.waiting_steps import add_client, offer, wait_for

PAGE = "/console/acme/calendar/waiting-list/"


@pytest.fixture
def entry(practice) -> WaitingListEntry:
    """Ana, who waits for a massage on MONDAY."""
    with use_business(practice.business):
        return wait_for(practice.service, practice.ana)


@pytest.fixture
def typed(practice) -> dict[str, str]:
    """What staff fill in to let Ana wait for a massage on MONDAY."""
    day = {"from_on": "2027-01-11", "until_on": "2027-01-11", "part_of_day": "any", "calendar": ""}
    return {"client": str(practice.ana.pk), "service": str(practice.service.pk), **day}


def reload(practice, entry) -> WaitingListEntry:
    with use_business(practice.business):
        return WaitingListEntry.objects.get(pk=entry.pk)


def test_nobody_waits(practice, staff_client):
    assert "Nobody is waiting." in read_page(staff_client().get(PAGE))


def test_the_list_says_who_waits_for_what(practice, entry, staff_client):
    page = read_page(staff_client().get(PAGE))
    assert "Ana Pereira" in page
    assert "Massage · 11 January 2027" in page


def test_the_list_is_filtered_by_state_and_service(practice, entry, staff_client):
    with use_business(practice.business):
        other = rows.create_service(practice.calendar, name="Yoga")
    browser = staff_client()
    shown = {
        query: "Massage · 11" in read_page(browser.get(PAGE + query))
        for query in (
            "?state=ended",
            "?state=waiting",
            f"?service={other.pk}",
            f"?service={entry.service_id}",
            "?state=x",
        )
    }
    assert list(shown.values()) == [False, True, False, True, True]


def test_demo_clients_are_not_on_the_list(practice, staff_client):
    with use_business(practice.business):
        entry = wait_for(practice.service, add_client("Demo Dora", is_demo=True))
    browser = staff_client()
    assert "Demo Dora" not in read_page(browser.get(PAGE))
    assert browser.get(f"{PAGE}{entry.pk}/offer/").status_code == 404
    assert browser.post(f"{PAGE}{entry.pk}/removal/").status_code == 404


def test_staff_put_a_client_on_the_list(practice, typed, staff_client):
    browser = staff_client("staff")
    assert f"?client={practice.ana.pk}" in browser.get(f"{PAGE}new/?q=ana").content.decode()
    assert browser.post(f"{PAGE}new/", typed)["Location"] == PAGE
    with use_business(practice.business):
        assert WaitingListEntry.objects.get().client == practice.ana
    # Once more, it is the same entry; for other days, it is refused.
    assert browser.post(f"{PAGE}new/", typed).status_code == 302
    refused = browser.post(f"{PAGE}new/", typed | {"part_of_day": "morning"})
    assert (refused.status_code, "waits for this service already" in read_page(refused)) == (422, True)


@pytest.mark.parametrize("wrong", [{"service": "x"}, {"service": ""}, {"until_on": "2027-01-10"}, {"part_of_day": "x"}])
def test_what_makes_no_sense_is_answered_with_a_sentence(practice, typed, staff_client, wrong):
    assert staff_client().post(f"{PAGE}new/", typed | wrong).status_code == 422


def test_staff_remove_a_client_and_what_they_are_offered(practice, entry, staff_client):
    with use_business(practice.business):
        offer()
    browser = staff_client()
    assert [browser.post(f"{PAGE}{entry.pk}/removal/").status_code for _twice in range(2)] == [302, 302]
    assert reload(practice, entry).state == WaitingState.WITHDRAWN
    with use_business(practice.business):
        assert WaitingListOffer.objects.get().state == OfferState.WITHDRAWN


def test_staff_offer_a_time_by_hand(practice, entry, staff_client):
    browser = staff_client()
    path = f"{PAGE}{entry.pk}/offer/"
    assert 'value="2027-01-11T08:00:00Z"' in browser.get(path).content.decode()
    assert browser.post(path, {"starts_at": "2027-01-11T08:00:00Z"})["Location"] == PAGE
    with use_business(practice.business):
        assert WaitingListOffer.objects.get().starts_at == at(9)
    page = read_page(browser.get(PAGE))
    assert "Offered: Monday, 11 January 2027, 09:00 – 10:00" in page
    assert browser.post(path, {"starts_at": "2027-01-11T09:00:00Z"}).status_code == 409


def test_a_time_that_has_gone_or_is_none_is_refused(practice, entry, staff_client):
    with use_business(practice.business):
        rows.book(rows.build_query(practice.service), at(9), client=add_client("Bo Lind"))
    browser = staff_client()
    for text in ("2027-01-11T08:00:00Z", "2026-01-11T08:00:00Z", "soon", ""):
        answer = browser.post(f"{PAGE}{entry.pk}/offer/", {"starts_at": text})
        assert (answer.status_code, "Choose" in read_page(answer)) == (409, True)
    assert reload(practice, entry).state == WaitingState.WAITING


def test_the_card_and_the_calendar_lead_to_the_list(practice, entry, staff_client):
    browser = staff_client()
    card = read_page(browser.get(f"/console/acme/clients/{practice.ana.pk}/appointments/"))
    assert "Waiting list" in card
    assert "Massage · 11 January 2027" in card
    assert PAGE in browser.get("/console/acme/calendar/").content.decode()


def test_thirty_rows_take_no_more_statements_than_one(practice, entry, staff_client, django_assert_max_num_queries):
    browser = staff_client()

    def count_statements():
        with django_assert_max_num_queries(60) as context:
            browser.get(PAGE)
        return len(context)

    browser.get(PAGE)
    before = count_statements()
    with use_business(practice.business):
        for number in range(10):
            wait_for(practice.service, add_client(f"c{number} waits"))
            offer(now=NOW)
    assert count_statements() <= before + 1


def test_the_booking_rules_say_how_long_an_offer_lasts(practice, staff_client):
    page = staff_client().get("/console/acme/calendar/rules/").content.decode()
    assert 'name="offer_lifetime"' in page
    assert 'name="has_waiting_list"' in page
