"""Staff book and move appointments on the console's pages, and are warned of what speaks against a time."""

import pytest

from portal.scheduling.models import Appointment, CalendarEntry
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import at

CALENDAR = "/console/acme/calendar/"
PAGE = f"{CALENDAR}appointments/new/"
MONDAY = "2027-01-11"
TAKEN = "There is another appointment at this time."


@pytest.fixture
def typed(practice) -> dict[str, str]:
    """What staff fill in to book a massage for Ana on Monday at ten."""
    return {
        "client": str(practice.ana.pk),
        "service": str(practice.service.pk),
        "calendar": str(practice.calendar.pk),
        "day": MONDAY,
        "time": "10:00",
        "note": "Back pain",
    }


def list_appointments(practice) -> list[Appointment]:
    """Return all appointments by start."""
    with use_business(practice.business):
        return list(Appointment.objects.order_by("starts_at", "created_at"))


def test_a_free_time_is_booked_at_once(practice, typed, staff_client):
    answer = staff_client("staff").post(PAGE, typed)

    (appointment,) = list_appointments(practice)
    assert answer.headers["Location"] == f"{CALENDAR}appointments/{appointment.pk}/"
    assert (appointment.client_id, appointment.starts_at, appointment.state) == (practice.ana.pk, at(10), "confirmed")
    assert (appointment.note, appointment.source, appointment.is_overbooked) == ("Back pain", "staff", False)


def test_a_client_is_found_by_name_or_address(practice, staff_client):
    with use_business(practice.business):
        ClientFactory(name="Bo Lind", email="bo@example.com")
    page = staff_client().get(PAGE, {"q": "ana@example", "day": MONDAY}).content.decode()

    assert f"?client={practice.ana.pk}&amp;day={MONDAY}" in page
    assert "Bo Lind" not in page


def test_a_taken_time_needs_a_second_word_and_the_row_says_so(practice, typed, staff_client):
    practice.book(10)
    browser = staff_client()
    answer = browser.post(PAGE, typed)
    assert (answer.status_code, TAKEN in answer.content.decode()) == (409, True)
    assert len(list_appointments(practice)) == 1

    answer = browser.post(PAGE, typed | {"accepted": answer.context["accepted"]})
    assert answer.status_code == 302
    assert [each.is_overbooked for each in list_appointments(practice)] == [False, True]
    assert "Overbooked" in browser.get(answer.headers["Location"]).content.decode()


def test_what_was_accepted_for_one_time_counts_for_no_other(practice, typed, staff_client):
    practice.book(10)
    practice.book(12)
    browser = staff_client()
    accepted = browser.post(PAGE, typed).context["accepted"]

    answer = browser.post(PAGE, typed | {"accepted": accepted, "time": "12:00"})
    assert (answer.status_code, len(list_appointments(practice))) == (409, 2)


def test_a_time_outside_the_hours_is_warned_of(practice, typed, staff_client):
    answer = staff_client().post(PAGE, typed | {"time": "20:00"})
    assert (answer.status_code, "outside the hours" in answer.content.decode()) == (409, True)


def test_what_holds_for_clients_alone_needs_no_warning(practice, typed, staff_client):
    # In ten minutes, with a notice of two hours; and in half a year, beyond the horizon.
    for day, time in (("2027-01-04", "09:15"), ("2027-07-05", "09:15")):
        assert staff_client().post(PAGE, typed | {"day": day, "time": time}).status_code == 302, day


def test_anybody_who_is_free_takes_it(practice, typed, staff_client):
    practice.book(10)
    with use_business(practice.business):
        timo = rows.create_calendar("Timo")
        practice.service.calendars.add(timo)
    browser = staff_client()
    assert browser.post(PAGE, typed | {"calendar": ""}).status_code == 302
    with use_business(practice.business):
        assert CalendarEntry.objects.filter(calendar=timo).count() == 1

    answer = browser.post(PAGE, typed | {"calendar": ""})
    assert (answer.status_code, "Nobody is free" in answer.content.decode()) == (422, True)


def test_the_next_free_times_are_found_and_filled_in(practice, typed, staff_client):
    practice.book(9)
    browser = staff_client()
    answer = browser.post(PAGE, typed | {"find": "1"})
    first = answer.context["free_times"][at(10).date()][0]
    assert (answer.status_code, first.starts_at) == (200, at(10))
    assert len(list_appointments(practice)) == 1

    page = browser.post(PAGE, typed | {"time": "", "picked": first.value}).content.decode()
    assert 'value="10:00"' in page
    assert "Back pain" in page


def test_a_client_gets_one_seat_of_a_group(practice, typed, staff_client):
    with use_business(practice.business):
        yoga = rows.create_service(practice.calendar, name="Yoga", capacity=5)
    booking, browser = typed | {"service": str(yoga.pk)}, staff_client()
    assert browser.post(PAGE, booking).status_code == 302
    answer = browser.post(PAGE, booking)
    assert (answer.status_code, "has a seat at this time already" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2027-13-01"},
        {"day": "0001-01-01"},
        {"time": "25:00"},
        {"service": "x"},
        {"calendar": "00000000-0000-0000-0000-000000000000"},
        # The clocks go forward from two to three.
        {"day": "2027-03-28", "time": "02:30"},
    ],
)
def test_what_can_t_be_booked_is_said_at_its_field(practice, typed, staff_client, wrong):
    assert staff_client().post(PAGE, typed | wrong).status_code == 422
    assert list_appointments(practice) == []


def test_an_appointment_is_moved_with_its_time(practice, staff_client):
    appointment = practice.book(10)
    page = f"{CALENDAR}appointments/{appointment.pk}/time/"
    browser = staff_client()
    assert 'value="10:00"' in browser.get(page).content.decode()

    moved = {"calendar": str(practice.calendar.pk), "day": MONDAY, "time": "10:30"}
    assert browser.post(page, moved).status_code == 302
    assert practice.reload(appointment).starts_at == at(10, 30)


def test_moving_onto_another_appointment_is_warned_of(practice, staff_client):
    appointment = practice.book(10)
    practice.book(12)
    page = f"{CALENDAR}appointments/{appointment.pk}/time/"
    moved = {"calendar": str(practice.calendar.pk), "day": MONDAY, "time": "12:30"}
    browser = staff_client()
    answer = browser.post(page, moved)
    assert (answer.status_code, TAKEN in answer.content.decode()) == (409, True)

    assert browser.post(page, moved | {"accepted": answer.context["accepted"]}).status_code == 302
    stored = practice.reload(appointment)
    assert (stored.starts_at, stored.is_overbooked) == (at(12, 30), True)


def test_free_times_of_a_move_include_its_own(practice, staff_client):
    appointment = practice.book(9)
    page = f"{CALENDAR}appointments/{appointment.pk}/time/"
    answer = staff_client().post(page, {"day": MONDAY, "calendar": str(practice.calendar.pk), "find": "1"})
    assert answer.context["free_times"][at(9).date()][0].starts_at == at(9)


def test_time_is_blocked_and_freed(practice, staff_client):
    browser, page = staff_client(), f"{CALENDAR}blocked-times/new/"
    typed = {
        "calendar": str(practice.calendar.pk),
        "title": "Lunch",
        "day": MONDAY,
        "time": "12:00",
        "end_time": "13:00",
    }
    assert browser.post(page, typed).status_code == 302
    with use_business(practice.business):
        entry = CalendarEntry.objects.get()
        assert (entry.starts_at, entry.ends_at, entry.title) == (at(12), at(13), "Lunch")
        assert at(12) not in rows.list_starts(rows.build_query(practice.service))
    assert browser.post(page, typed).status_code == 422
    assert "Lunch" in browser.get(f"{CALENDAR}entries/{entry.pk}/").content.decode()

    removal = f"{CALENDAR}blocked-times/{entry.pk}/removal/"
    assert [browser.post(removal).status_code for _twice in range(2)] == [302, 404]
    with use_business(practice.business):
        assert not CalendarEntry.objects.exists()
        assert at(12) in rows.list_starts(rows.build_query(practice.service))


def test_an_appointment_is_not_freed_as_blocked_time(practice, staff_client):
    appointment = practice.book(10)
    staff_client().post(f"{CALENDAR}blocked-times/{appointment.entry_id}/removal/")
    assert practice.reload(appointment).entry.is_active


def test_a_blocked_time_ends_after_it_begins(practice, staff_client):
    typed = {"calendar": str(practice.calendar.pk), "day": MONDAY, "time": "12:00", "end_time": "12:00"}
    answer = staff_client().post(f"{CALENDAR}blocked-times/new/", typed)
    assert (answer.status_code, "must be after the start" in answer.content.decode()) == (422, True)
