"""Tests of the pages about outside calendars, and of what the calendar and the appointments say of them."""

import pytest

from portal.scheduling.models import OutsideBusyTime, OutsideCalendar
from tenants.context import use_business
from tenants.encryption import decrypt_text
from tests.portal.scheduling.console.page_forms import save_form
from tests.portal.scheduling.scheduling_rows import NOW, at

ADDRESS = "https://calendar.example.com/ical/secret-8841/basic.ics"


@pytest.fixture
def browser(practice, staff_client):
    """A browser of Acme's owner."""
    return staff_client("owner")


@pytest.fixture
def new_page(practice):
    """The page on which Mona's outside calendars are added."""
    return f"/console/acme/calendar/staff/{practice.calendar.pk}/outside-calendars/new/"


@pytest.fixture
def outside(acme, browser, new_page):
    """Mona's private calendar, which was added and not read yet."""
    assert browser.post(new_page, {"name": "Private", "address": ADDRESS}).status_code == 302
    with use_business(acme):
        return OutsideCalendar.objects.get()


def add_busy(acme, outside, starts_at, ends_at) -> None:
    """Let an outside calendar be busy."""
    with use_business(acme):
        OutsideBusyTime.objects.create(outside_calendar=outside, busy_from=starts_at, busy_until=ends_at)


def get_path(outside, page: str = "") -> str:
    """Return the path of a page about an outside calendar."""
    return f"/console/acme/calendar/outside-calendars/{outside.pk}/{page}"


def test_an_address_is_stored_encrypted_and_shown_on_no_page(acme, browser, outside):
    assert "secret-8841" not in outside.address
    assert decrypt_text(outside.address) == ADDRESS
    pages = (get_path(outside), f"/console/acme/calendar/staff/{outside.calendar_id}/", "/console/acme/activity/")
    for page in pages:
        text = browser.get(page).content.decode()
        assert "Private" in text
        assert "secret-8841" not in text


def test_webcal_stands_for_https(acme, browser, new_page):
    browser.post(new_page, {"name": "iCloud", "address": ADDRESS.replace("https", "webcal")})
    with use_business(acme):
        assert decrypt_text(OutsideCalendar.objects.get().address) == ADDRESS


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("", "Enter the address."),
        ("calendar.ics", "Enter an address that begins with https:// or webcal://."),
        ("http://calendar.example.com/a.ics", "Enter an address that begins with https:// or webcal://."),
        ("https://10.0.0.8/a.ics", "This address is not on the public internet."),
        ("webcal://169.254.169.254/latest", "This address is not on the public internet."),
        ("https://[::ffff:10.0.0.8]/a.ics", "This address is not on the public internet."),
        ("https://user:pass@calendar.example.com/", "This is no valid address."),
        ("https://calendar.example.com:22/a.ics", "The address has a port that no web server has."),
        ("file:///etc/passwd", "Enter an address that begins with https:// or webcal://."),
        (ADDRESS, "This calendar is there already."),
    ],
)
def test_an_address_that_can_not_be_is_refused_with_a_sentence(acme, browser, outside, new_page, address, text):
    answer = browser.post(new_page, {"name": "Private", "address": address})

    assert answer.status_code == 422
    assert text in answer.content.decode()
    with use_business(acme):
        assert OutsideCalendar.objects.count() == 1


def test_a_staff_calendar_has_five_outside_calendars_at_most(acme, browser, new_page):
    answers = [browser.post(new_page, {"name": f"{n}", "address": f"{ADDRESS}?{n}"}) for n in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [422]
    assert "A staff calendar has at most 5 outside calendars." in answers[-1].content.decode()


def test_name_and_switch_are_changed_and_the_address_stays(acme, browser, outside):
    save_form(browser, get_path(outside), name="Home", is_active=None)

    with use_business(acme):
        saved = OutsideCalendar.objects.get()
    assert (saved.name, saved.is_active, decrypt_text(saved.address)) == ("Home", False, ADDRESS)


def test_a_new_address_is_read_from_the_beginning(acme, browser, outside):
    with use_business(acme):
        OutsideCalendar.objects.update(etag='"one"')
    save_form(browser, get_path(outside), address=f"{ADDRESS}?new")

    with use_business(acme):
        saved = OutsideCalendar.objects.get()
    assert (saved.etag, decrypt_text(saved.address)) == ("", f"{ADDRESS}?new")


def test_a_calendar_is_read_at_once_but_not_without_a_pause(acme, browser, outside):
    assert "It is being read now." in browser.post(get_path(outside, "fetch/"), follow=True).content.decode()
    with use_business(acme):
        OutsideCalendar.objects.update(last_fetched_at=NOW)
    assert "It was read a moment ago" in browser.post(get_path(outside, "fetch/"), follow=True).content.decode()


def test_a_calendar_that_is_removed_is_gone_with_its_times(acme, browser, outside):
    add_busy(acme, outside, at(10), at(11))
    browser.post(get_path(outside, "removal/"))

    assert browser.post(get_path(outside, "removal/")).status_code == 404
    with use_business(acme):
        assert not OutsideBusyTime.objects.exists()


def test_the_page_says_in_words_what_was_read_when(acme, browser, outside):
    assert "Not read yet." in browser.get(get_path(outside)).content.decode()
    with use_business(acme):
        OutsideCalendar.objects.update(last_ok_at=NOW, last_error="timeout", failing_since=NOW)
    text = browser.get(get_path(outside)).content.decode()
    assert "The other calendar did not answer in time." in text
    assert "count until it can be read again." in text


def test_busy_times_are_grey_in_the_calendar_and_only_in_the_opening_hours(acme, practice, browser, outside):
    add_busy(acme, outside, at(7), at(10))
    add_busy(acme, outside, at(20), at(22))
    for view in ("day", "week"):
        text = browser.get(f"/console/acme/calendar/?view={view}&day=2027-01-11").content.decode()
        assert text.count("Busy elsewhere") == 1
        assert "is-elsewhere" in text
        assert "07:00" not in text
    assert "Busy elsewhere" not in browser.get("/console/acme/calendar/?view=month&day=2027-01-11").content.decode()


def test_an_appointment_that_was_agreed_before_stays_and_shows_the_conflict(acme, practice, browser, outside):
    appointment, calm = practice.book(10), practice.book(14)
    add_busy(acme, outside, at(10, 30), at(12))

    assert practice.reload(appointment).state == "confirmed"
    assert browser.get("/console/acme/calendar/?view=day&day=2027-01-11").content.decode().count("Conflict") == 1
    path = "/console/acme/calendar/appointments/"
    assert "another calendar of the same person is busy as well: Private" in _get_text(
        browser, f"{path}{appointment.pk}/"
    )
    assert "is busy as well" not in _get_text(browser, f"{path}{calm.pk}/")


def test_staff_are_warned_of_a_busy_time_and_can_book_it(acme, practice, browser, outside):
    add_busy(acme, outside, at(10), at(12))
    values = {
        "client": practice.ana.pk,
        "service": practice.service.pk,
        "calendar": practice.calendar.pk,
        "day": "2027-01-11",
        "time": "10:00",
    }
    page = "/console/acme/calendar/appointments/new/"
    answer = browser.post(page, values)
    assert "An outside calendar is busy at this time." in answer.content.decode()

    browser.post(page, values | {"accepted": answer.context["accepted"]})
    with use_business(acme):
        appointment = practice.service.appointments.get()
    # The constraint still keeps others from the time.
    assert not appointment.is_overbooked


def _get_text(browser, path: str) -> str:
    return " ".join(browser.get(path).content.decode().split())
