"""Staff book repeating appointments on a page that shows all dates first, and skip taken ones only once they agree."""

import pytest

from portal.scheduling.models import Appointment, CalendarEntry
from tenants.context import use_business
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.console.page_forms import read_form
from tests.portal.scheduling.console.test_booking_by_staff import MONDAY, PAGE
from tests.portal.scheduling.scheduling_rows import at


@pytest.fixture
def typed(practice) -> dict[str, str]:
    """What staff fill in to book six Mondays at ten for Ana."""
    practice.business.time_zone = rows.BERLIN
    practice.business.save()
    return {
        "client": str(practice.ana.pk),
        "service": str(practice.service.pk),
        "calendar": str(practice.calendar.pk),
        "day": MONDAY,
        "time": "10:00",
        "note": "Back\npain",
        "interval_weeks": "1",
        "count": "6",
        "until_on": "",
    }


def list_series_starts(practice) -> list:
    """Return the starts of all appointments of series."""
    with use_business(practice.business):
        found = Appointment.objects.filter(series__isnull=False).order_by("starts_at")
        return list(found.values_list("starts_at", flat=True))


def test_the_dates_are_shown_before_they_are_booked(practice, typed, staff_client):
    browser = staff_client()
    preview = browser.post(PAGE, typed)
    assert (preview.status_code, list_series_starts(practice)) == (200, [])
    assert "Monday, 15 February 2027, 10:00" in preview.content.decode()
    answer = browser.post(PAGE, read_form(preview))
    assert answer.status_code == 302
    assert list_series_starts(practice) == [at(10, days=7 * week) for week in range(6)]
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Booked: 6 appointments." in page


def test_nobody_is_booked_but_who_the_dates_were_shown_with(practice, typed, staff_client):
    with use_business(practice.business):
        nora = rows.create_calendar("Nora")
        practice.service.calendars.add(nora)
    practice.book(10, days=14, rules=rows.RULES)
    browser = staff_client()
    preview = browser.post(PAGE, typed | {"calendar": ""})
    assert "With Nora" in preview.content.decode()
    with use_business(practice.business):
        Appointment.objects.update(state="cancelled")
        CalendarEntry.objects.update(calendar=nora)

    assert browser.post(PAGE, read_form(preview)).status_code == 409
    assert list_series_starts(practice) == []


def test_a_taken_time_is_named_and_skipped_once_staff_agree(practice, typed, staff_client):
    practice.book(10, days=14, rules=rows.RULES)
    browser = staff_client()
    preview = browser.post(PAGE, typed)
    page = preview.content.decode()
    assert "There is another appointment at this time." in page
    assert "Book the 5 free ones, skip 1" in page
    browser.post(PAGE, read_form(preview))
    assert list_series_starts(practice) == [at(10, days=7 * week) for week in (0, 1, 3, 4, 5)]


def test_a_time_taken_between_preview_and_consent_is_asked_about(practice, typed, staff_client):
    browser = staff_client()
    preview = browser.post(PAGE, typed)
    practice.book(10, days=14)
    again = browser.post(PAGE, read_form(preview))
    assert (again.status_code, "Nothing was booked" in again.content.decode()) == (409, True)
    assert list_series_starts(practice) == []
    browser.post(PAGE, read_form(again))
    assert len(list_series_starts(practice)) == 5


def test_a_page_that_is_sent_twice_books_once(practice, typed, staff_client):
    browser = staff_client()
    sent = read_form(browser.post(PAGE, typed))
    first, second = browser.post(PAGE, sent), browser.post(PAGE, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(list_series_starts(practice)) == 6


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"count": ""}, "Enter how many times, or until when."),
        ({"count": "105"}, "At most 104 appointments within two years"),
        ({"count": "", "until_on": "2029-02-01"}, "At most 104 appointments within two years"),
        ({"count": "", "until_on": "2027-01-10"}, "This is before the first appointment."),
        ({"count": "0"}, "Enter 1 or more."),
        ({"count": "x"}, "Enter a whole number."),
        ({"interval_weeks": "99"}, "Select a valid choice"),
    ],
)
def test_a_rule_that_makes_no_sense_is_answered_with_a_sentence(practice, typed, staff_client, fields, words):
    answer = staff_client().post(PAGE, typed | fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_staff_go_back_with_all_that_they_typed(practice, typed, staff_client):
    browser = staff_client()
    sent = read_form(browser.post(PAGE, typed)) | {"picked": ""}
    back = read_form(browser.post(PAGE, sent))
    assert {name: back[name][-1].strip() for name in ("day", "time", "count", "interval_weeks")} == {
        name: typed[name] for name in ("day", "time", "count", "interval_weeks")
    }
    assert list_series_starts(practice) == []


def test_values_that_no_page_sends_book_nothing(practice, typed, staff_client):
    forged = {
        "request_key": "0197a3c4-5f1e-7d20-9b61-3c8de1f04a57",
        "skip": ["2027-01-11T10:00", "x", "9999-12-31T23:00+00:00"],
    }
    assert staff_client().post(PAGE, typed | forged).status_code == 409
    assert list_series_starts(practice) == []


def test_the_calendar_and_service_of_another_business_are_refused(practice, typed, staff_client, globex):
    with use_business(globex):
        calendar = rows.create_calendar("Theirs")
        service = rows.create_service(calendar)
    for foreign in ({"calendar": str(calendar.pk)}, {"service": str(service.pk)}):
        assert staff_client().post(PAGE, typed | foreign).status_code == 422


def test_readers_book_no_series(practice, typed, staff_client):
    assert staff_client("read-only").post(PAGE, typed).status_code == 403


@pytest.mark.parametrize(("scope", "left"), [("this", 5), ("following", 2), ("all", 0)])
def test_staff_cancel_one_the_following_or_all(practice, typed, staff_client, scope, left):
    browser = staff_client()
    browser.post(PAGE, read_form(browser.post(PAGE, typed)))
    with use_business(practice.business):
        third = Appointment.objects.get(series_position=2)
    page = f"/console/acme/calendar/appointments/{third.pk}/cancellation/"
    assert "This and the following appointments" in browser.get(page).content.decode()
    assert browser.post(page, {"reason": "Ill", "scope": scope}).status_code == 302
    with use_business(practice.business):
        assert Appointment.objects.filter(state="confirmed").count() == left
    assert browser.post(page, {"scope": scope}).status_code == 409


def test_a_scope_that_no_page_sends_cancels_nothing(practice, typed, staff_client):
    browser = staff_client()
    browser.post(PAGE, read_form(browser.post(PAGE, typed)))
    with use_business(practice.business):
        first = Appointment.objects.get(series_position=0)
    page = f"/console/acme/calendar/appointments/{first.pk}/cancellation/"
    assert browser.post(page, {"scope": "every"}).status_code == 422
    assert len(list_series_starts(practice)) == 6
