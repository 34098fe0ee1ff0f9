"""Clients read their appointments in plain words, by their own clocks, and nobody else's."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from portal.scheduling import services
from portal.scheduling.models import Acceptance, LocationKind, SchedulingSettings
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.scheduling.appointment_steps import read_page, reload
from tests.portal.scheduling.scheduling_rows import BERLIN, NOW, at

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(days=60)
BY_HAND = SchedulingSettings(acceptance=Acceptance.BY_HAND)


def test_without_appointments_the_page_says_so(browser):
    assert "You have no appointments to come." in read_page(browser.get("/appointments/"))


def test_coming_pending_and_past_appointments_are_listed_apart(browser, book_at):
    book_at(at(9))
    book_at(at(11), rules=BY_HAND, name="Facial")
    book_at(at(9, days=-10), now=BEFORE, name="Peeling")

    text = read_page(browser.get("/appointments/"))

    coming, past = text.split("Past and cancelled")
    assert "Massage" in coming
    assert "Facial , Monday, 11 January 2027, 11:00 – 12:00 Waiting for an answer" in coming
    assert "Peeling" in past
    assert "Peeling" not in coming


def test_many_past_appointments_are_on_several_pages(browser, book_at):
    for days in range(22):
        book_at(at(9, days=-10 - days), now=BEFORE, name=f"Visit {days:02}")

    first, second, beyond = (read_page(browser.get(f"/appointments/?page={page}")) for page in ("1", "2", "x"))

    assert "Visit 00" in first
    assert "Visit 21" not in first
    assert "Visit 21" in second
    assert beyond == first


def test_the_page_of_an_appointment_says_all_that_was_agreed(acme, browser, book_at):
    details = {"note": "left knee", "answers": [("Pain?", "a little")], "accepted_policy": "Be on time."}
    appointment = book_at(details=details, price_amount=4500, location="Allee 1", price_currency="EUR")

    text = read_page(browser.get(f"/appointments/{appointment.pk}/"))

    for part in (
        "Massage",
        "Monday, 11 January 2027, 09:00 – 10:00",
        "Time zone: Europe/Berlin",
        "Your appointment is confirmed.",
        "With Mona",
        "At our place Allee 1",
        "€45.00",
        "left knee",
        "Pain? a little",
        "Be on time.",
    ):
        assert part in text


def test_a_client_elsewhere_reads_both_clocks(acme, ana, browser, book_at):
    with use_business(acme):
        type(ana).objects.filter(pk=ana.pk).update(time_zone="America/Los_Angeles")
    appointment = book_at()

    text = read_page(browser.get(f"/appointments/{appointment.pk}/"))

    assert "Monday, 11 January 2027, 00:00 – 01:00" in text
    assert "Time zone: America/Los_Angeles" in text
    assert "At Acme Physiotherapy: Monday, 11 January 2027, 09:00 – 10:00 (Europe/Berlin)" in text


@pytest.mark.parametrize(("day", "utc_hour"), [(27, 8), (28, 7)])
def test_page_and_file_say_the_same_instant_on_both_sides_of_a_clock_change(acme, ana, browser, book_at, day, utc_hour):
    with use_business(acme):
        type(ana).objects.filter(pk=ana.pk).update(time_zone="America/Los_Angeles")
    starts_at = datetime(2027, 3, day, utc_hour, tzinfo=UTC)
    appointment = book_at(starts_at)

    text = read_page(browser.get(f"/appointments/{appointment.pk}/"))
    file = browser.get(f"/appointments/{appointment.pk}/calendar.ics")

    [event] = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    assert event["DTSTART"].dt == starts_at
    assert f"{day} March 2027, 0{utc_hour - 7}:00 – 0{utc_hour - 6}:00" in text
    assert f"{day} March 2027, 09:00 – 10:00 ({BERLIN})" in text


def test_the_calendar_file_is_a_download_of_the_appointment(browser, book_at):
    appointment = book_at(location="Allee 1")

    file = browser.get(f"/appointments/{appointment.pk}/calendar.ics")

    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert file["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    [event] = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    assert (event["STATUS"], event["LOCATION"]) == ("CONFIRMED", "Allee 1")
    assert str(event["UID"]).startswith(str(appointment.pk))


def test_a_video_link_can_be_opened_and_is_gone_once_the_appointment_is_cancelled(acme, browser, book_at, staff):
    link = "https://video.example/room"
    appointment = book_at(location_kind=LocationKind.VIDEO, location=link)
    path = f"/appointments/{appointment.pk}/"
    assert f'href="{link}"' in browser.get(path).content.decode()

    with use_business(acme):
        services.cancel_appointment(appointment_id=appointment.pk, staff=staff, reason="Mona is ill.", now=NOW)

    cancelled = browser.get(path)
    assert link not in cancelled.content.decode()
    assert "This appointment was cancelled. It doesn’t take place. Mona is ill." in read_page(cancelled)


def test_a_video_link_is_not_given_away_before_the_request_is_accepted(browser, book_at):
    link = "https://video.example/room"
    appointment = book_at(rules=BY_HAND, location_kind=LocationKind.VIDEO, location=link)

    for page in ("", "calendar.ics"):
        assert link not in browser.get(f"/appointments/{appointment.pk}/{page}").content.decode()


def test_others_appointments_and_holds_are_not_found(acme, ana, browser, book_at):
    with use_business(acme):
        other = ClientFactory(name="Ben Marsh", email="ben@example.com")
    foreign = book_at(client=other)

    for page in ("", "calendar.ics", "time/", "cancellation/"):
        assert browser.get(f"/appointments/{foreign.pk}/{page}").status_code == 404
    for page in ("time/", "cancellation/", "proposal/"):
        data = {"starts_at": "2027-01-12T08:00:00Z"}
        assert browser.post(f"/appointments/{foreign.pk}/{page}", data).status_code == 404
    assert reload(acme, foreign).version == foreign.version


def test_the_home_page_shows_the_next_appointment_only(acme, browser, book_at):
    assert "Next appointment" not in read_page(browser.get("/"))
    book_at(at(11))
    appointment = book_at(at(9))

    home = browser.get("/")

    assert "Next appointment Massage Monday, 11 January 2027, 09:00 – 10:00" in read_page(home)
    assert f'href="/appointments/{appointment.pk}/"' in home.content.decode()
    assert "11:00" not in read_page(home)


def test_an_appointment_that_is_over_is_not_the_next_one(browser, book_at):
    book_at(at(9, days=-10), now=BEFORE)

    assert "Next appointment" not in read_page(browser.get("/"))
