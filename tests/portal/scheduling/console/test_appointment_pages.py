"""The pages of one appointment and of requests: each state has its step, and the second of two is told of the first."""

import re

import pytest
from django.test import Client as Browser

from portal.scheduling.models import Appointment
from tenants.context import use_business
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import at

CALENDAR = "/console/acme/calendar/"
REQUESTS = f"{CALENDAR}requests/"


def build_path(appointment: Appointment, action: str = "") -> str:
    """Return the path of an appointment's page, or of what is done with it."""
    return f"{CALENDAR}appointments/{appointment.pk}/{action}"


def get_text(browser: Browser, path: str) -> str:
    """Return a page with its spaces joined."""
    return " ".join(browser.get(path).content.decode().split())


def test_a_request_is_confirmed_in_one_click_from_the_list(practice, staff_client):
    later, sooner = practice.request(12), practice.request(10, client=practice.ana)
    browser = staff_client("staff")
    page = get_text(browser, REQUESTS)
    assert page.index(str(sooner.pk)) < page.index(str(later.pk))

    answer = browser.post(build_path(sooner, "confirmation/"), {"next": REQUESTS})
    assert answer.headers["Location"] == REQUESTS
    assert practice.reload(sooner).state == "confirmed"
    page = get_text(browser, REQUESTS)
    assert (str(sooner.pk) in page, str(later.pk) in page) == (False, True)


def test_the_second_of_two_who_answer_is_told_what_happened(practice, staff_client, time_machine):
    appointment = practice.request(10)
    # Of two entries of one instant, none is the newer one.
    time_machine.shift(1)
    staff_client("manager").post(build_path(appointment, "confirmation/"))
    for action, typed in (
        ("confirmation/", {}),
        ("refusal/", {"reason": "Full"}),
        ("attendance/", {"attendance": "done"}),
    ):
        answer = staff_client("staff").post(build_path(appointment, action), typed)
        text = " ".join(answer.content.decode().split())
        assert answer.status_code == 409, action
        assert "Appointment confirmed (Manager of Acme" in text, action
    assert practice.reload(appointment).state == "confirmed"


def test_a_request_is_declined_with_a_reason_and_another_time(practice, staff_client):
    appointment = practice.request(10)
    browser = staff_client("staff")
    page = get_text(browser, build_path(appointment, "refusal/"))
    (proposed,) = re.findall(r'name="proposed" value="([^"]+)"> Monday, 11 January 2027, 11:00', page)

    typed = {"reason": "Mona is away", "proposed": proposed}
    assert browser.post(build_path(appointment, "refusal/"), typed).status_code == 302
    stored = practice.reload(appointment)
    assert (stored.state, stored.reason, stored.proposed_starts_at) == ("declined", "Mona is away", at(11))
    page = get_text(browser, build_path(appointment))
    assert "Mona is away" in page
    assert "11 January 2027, 11:00 (Europe/Berlin)" in page


def test_a_time_that_has_gone_is_not_proposed(practice, staff_client):
    appointment = practice.request(10)
    typed = {"proposed": at(11).isoformat()}
    practice.book(11)
    answer = staff_client().post(build_path(appointment, "refusal/"), typed)
    assert (answer.status_code, practice.reload(appointment).state) == (409, "requested")


def test_an_appointment_is_cancelled_with_a_reason(practice, staff_client):
    appointment = practice.book(10)
    browser = staff_client()
    assert browser.get(build_path(appointment, "cancellation/")).status_code == 200
    assert browser.post(build_path(appointment, "cancellation/"), {"reason": "Ill"}).status_code == 302
    stored = practice.reload(appointment)
    assert (stored.state, stored.reason, stored.entry.is_active) == ("cancelled", "Ill", False)
    assert browser.post(build_path(appointment, "cancellation/"), {"reason": "Ill"}).status_code == 409


def test_who_came_is_marked_once_it_has_begun_and_can_be_corrected(practice, staff_client, time_machine):
    appointment = practice.book(10)
    path, browser = build_path(appointment, "attendance/"), staff_client()
    assert browser.post(path, {"attendance": "no-show"}).status_code == 409

    time_machine.move_to(at(10, 5), tick=False)
    browser = staff_client("manager")
    assert "Did the client come?" in get_text(browser, build_path(appointment))
    for attendance in ("no-show", "done"):
        assert browser.post(path, {"attendance": attendance}).status_code == 302
        assert practice.reload(appointment).state == attendance


@pytest.mark.parametrize("is_request", [True, False])
def test_readers_see_the_page_without_what_they_may_not_do(practice, staff_client, is_request):
    appointment = practice.request(10) if is_request else practice.book(10)
    page = get_text(staff_client("read-only"), build_path(appointment))
    assert "Ana Pereira" in page
    assert "confirmation/" not in page
    assert "cancellation/" not in page


def test_a_held_time_and_one_of_another_business_have_no_page(practice, globex, staff_client):
    with use_business(practice.business):
        held = rows.hold(rows.build_query(practice.service, practice.calendar), at(10))
    assert staff_client().get(build_path(held)).status_code == 404
    appointment = practice.book(11)
    other = staff_client("owner", globex)
    assert other.get(build_path(appointment).replace("acme", "globex")).status_code == 404


def test_the_page_shows_what_somebody_typed_who_is_on_no_list(practice, staff_client):
    with use_business(practice.business):
        query = rows.build_query(practice.service, practice.calendar)
        appointment = rows.book(query, at(10), answers=[("Allergies?", "Nuts")], note="First time")
    page = get_text(staff_client(), build_path(appointment))
    for text in (
        "ana@example.com",
        "not on your client list",
        "Allergies?",
        "Nuts",
        "First time",
        "Public booking page",
    ):
        assert text in page, text


def test_a_group_lists_everybody_who_comes(practice, staff_client):
    with use_business(practice.business):
        yoga = rows.create_service(practice.calendar, name="Yoga", capacity=5)
        bo = ClientFactory(name="Bo Lind")
    appointment = practice.book(10, service=yoga)
    practice.book(10, service=yoga, client=bo)
    page = get_text(staff_client(), f"{CALENDAR}entries/{appointment.entry_id}/")
    assert "2 of 5 seats taken" in page
    assert ("Ana Pereira" in page, "Bo Lind" in page) == (True, True)


def test_the_card_has_a_tab_with_what_comes_and_what_was(practice, staff_client, time_machine):
    past, coming = practice.book(10), practice.book(10, days=2)
    time_machine.move_to(at(12), tick=False)
    page = get_text(staff_client(), f"/console/acme/clients/{practice.ana.pk}/appointments/")
    assert page.index(str(coming.pk)) < page.index("Past and cancelled") < page.index(str(past.pk))
    assert f"appointments/new/?client={practice.ana.pk}" in page
    card = get_text(staff_client(), f"/console/acme/clients/{practice.ana.pk}/")
    assert 'Appointments <span class="tab-count"> 1' in card


@pytest.mark.parametrize("text", ["ana per", "massage"])
def test_the_search_finds_appointments_by_client_and_service(practice, staff_client, text):
    appointment = practice.book(10)
    assert build_path(appointment) in get_text(staff_client(), f"/console/acme/search/?q={text}")


def test_home_says_who_comes_today_and_what_waits(practice, staff_client, time_machine):
    practice.book(9)
    coming = practice.book(11)
    practice.request(10, days=1)
    time_machine.move_to(at(10, 30), tick=False)
    page = get_text(staff_client(), "/console/acme/")
    assert "1 request waits for your answer" in page
    assert "11:00–12:00 · Ana Pereira" in page
    assert build_path(coming) in page
    assert "09:00–10:00" not in page


def test_home_of_a_business_without_calendars_has_no_such_section(acme, staff_client):
    assert "No appointments today" not in get_text(staff_client(), "/console/acme/")


@pytest.mark.parametrize("path", ["/console/acme/", REQUESTS, "card"])
def test_twenty_rows_take_no_more_statements_than_one(practice, staff_client, path, time_machine):
    time_machine.move_to(at(7), tick=False)
    browser, counts = staff_client(), []
    path = f"/console/acme/clients/{practice.ana.pk}/appointments/" if path == "card" else path
    for numbers in ([0], range(1, 20)):
        for number in numbers:
            practice.request(9 + number % 8, days=number // 8)
        browser.get(path)
        with capture_statements() as captured:
            assert browser.get(path).status_code == 200
        counts.append(len(captured.queries))
    assert counts[0] == counts[1]
