"""Clients move and cancel their appointments while they can, and are told whom to contact when they can’t."""

from datetime import timedelta

import pytest

from portal.branding.models import PortalSettings
from portal.scheduling import services
from portal.scheduling.booking_pages import format_start
from portal.scheduling.models import Acceptance, Appointment, AppointmentState, SchedulingSettings
from tenants.context import use_business
from tests.portal.scheduling.appointment_steps import read_page, reload
from tests.portal.scheduling.scheduling_rows import NOW, at, book, build_query

pytestmark = pytest.mark.django_db
BY_HAND = SchedulingSettings(acceptance=Acceptance.BY_HAND)


@pytest.fixture
def decline(acme, staff):
    """Return a function that declines an appointment and proposes another time."""

    def decline(appointment, proposed_at=None):
        with use_business(acme):
            services.decline_appointment(
                appointment_id=appointment.pk, staff=staff, proposed_starts_at=proposed_at, now=NOW
            )

    return decline


def take(acme, appointment, starts_at):
    """Let somebody else book a time with the same person."""
    with use_business(acme):
        return book(build_query(appointment.service), starts_at)


def test_a_client_moves_an_appointment_by_choosing_a_day_and_a_time(acme, browser, book_at):
    appointment = book_at()
    path = f"/appointments/{appointment.pk}/time/"

    times = browser.get(f"{path}?day=2027-01-12").content.decode()
    assert f'href="{path}?at=2027-01-12T13:00:00Z"' in times
    question = browser.get(f"{path}?at=2027-01-12T13:00:00Z")
    assert "Tuesday, 12 January 2027, 14:00 – 15:00" in read_page(question)
    answer = browser.post(path, {"starts_at": "2027-01-12T13:00:00Z"})

    assert answer["Location"] == f"/appointments/{appointment.pk}/"
    moved = reload(acme, appointment)
    assert (moved.starts_at, moved.state) == (at(14, days=1), AppointmentState.CONFIRMED)


def test_the_time_an_appointment_has_is_among_those_it_can_overlap(browser, book_at):
    appointment = book_at()

    times = browser.get(f"/appointments/{appointment.pk}/time/?day=2027-01-11").content.decode()

    assert "at=2027-01-11T08:30:00Z" in times


def test_a_time_that_has_gone_leads_to_the_nearest_free_ones(acme, browser, book_at):
    appointment = book_at()
    take(acme, appointment, at(14))

    answer = browser.post(f"/appointments/{appointment.pk}/time/", {"starts_at": format_start(at(14))})

    assert answer.status_code == 409
    text = read_page(answer)
    assert "This time has gone" in text
    assert "Your appointment stays as it was." in text
    assert "Mon 11 Jan 13:00" in text
    assert "14:30" not in text
    assert reload(acme, appointment).starts_at == at(9)


@pytest.mark.parametrize("starts_at", ["", "tomorrow", "2027-01-12", "2027-13-12T13:00:00Z"])
def test_what_is_no_time_moves_nothing(acme, browser, book_at, starts_at):
    appointment = book_at()

    answer = browser.post(f"/appointments/{appointment.pk}/time/", {"starts_at": starts_at})

    assert answer.status_code == 422
    assert "Choose one of these." in read_page(answer)
    assert reload(acme, appointment).version == appointment.version


def test_too_late_to_change_names_the_business_and_its_phone(acme, browser, book_at):
    with use_business(acme):
        PortalSettings.objects.update_or_create(pk=1, defaults={"contact_phone": "+49 30 5550100"})
    appointment = book_at(at(16, days=-7))
    path = f"/appointments/{appointment.pk}/"

    page = read_page(browser.get(path))
    assert "To move or cancel the appointment, please contact Acme Physiotherapy. +49 30 5550100" in page
    for change in ("time/", "cancellation/"):
        assert "Please contact Acme Physiotherapy. +49 30 5550100" in read_page(browser.get(path + change))
        answer = browser.post(path + change, {"starts_at": format_start(at(10))})
        assert answer.status_code == 409
        assert "+49 30 5550100" in read_page(answer)
    assert reload(acme, appointment).version == appointment.version


def test_an_appointment_of_a_withdrawn_service_can_be_cancelled_but_not_moved(acme, browser, book_at, staff):
    appointment = book_at()
    with use_business(acme):
        services.archive_service(service=appointment.service, staff=staff, now=NOW)

    answer = browser.post(f"/appointments/{appointment.pk}/time/", {"starts_at": format_start(at(14))})

    assert answer.status_code == 409
    assert reload(acme, appointment).starts_at == at(9)
    assert "Keep the appointment" in read_page(browser.get(f"/appointments/{appointment.pk}/cancellation/"))


def test_a_client_is_asked_once_and_cancels_with_or_without_a_reason(acme, browser, book_at):
    first, second = book_at(at(9)), book_at(at(11))
    assert "Cancel this appointment?" in read_page(browser.get(f"/appointments/{first.pk}/cancellation/"))

    browser.post(f"/appointments/{first.pk}/cancellation/", {"reason": "I am ill."})
    browser.post(f"/appointments/{second.pk}/cancellation/")

    assert [reload(acme, one).state for one in (first, second)] == [AppointmentState.CANCELLED] * 2
    assert [reload(acme, one).reason for one in (first, second)] == ["I am ill.", ""]
    take(acme, first, at(9))


def test_a_reason_that_is_too_long_cancels_nothing(acme, browser, book_at):
    appointment = book_at()

    answer = browser.post(f"/appointments/{appointment.pk}/cancellation/", {"reason": "x" * 601})

    assert answer.status_code == 422
    assert reload(acme, appointment).state == AppointmentState.CONFIRMED


def test_cancelling_twice_shows_how_the_appointment_stands(acme, browser, book_at):
    appointment = book_at()
    path = f"/appointments/{appointment.pk}/cancellation/"
    browser.post(path)

    again = browser.post(path)

    assert again.status_code == 409
    assert "This is how it stands now." in read_page(again)
    assert "This appointment was cancelled." in read_page(again)
    assert reload(acme, appointment).version == appointment.version + 1


def test_a_proposed_time_is_booked_with_one_tap_and_once(acme, browser, book_at, decline, ana):
    details = {"note": "left knee", "accepted_policy": "Cancel a day before."}
    appointment = book_at(rules=BY_HAND, details=details, acceptance=Acceptance.BY_HAND)
    decline(appointment, at(15))
    path = f"/appointments/{appointment.pk}/"
    page = read_page(browser.get(path))
    assert "proposes another time: Monday, 11 January 2027, 15:00 – 16:00 (Europe/Berlin)" in page

    answers = [browser.post(f"{path}proposal/") for _send in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    with use_business(acme):
        [booked] = Appointment.objects.open().filter(client=ana)
    assert (booked.starts_at, booked.state, booked.note) == (at(15), AppointmentState.CONFIRMED, "left knee")
    accepted = appointment.policy_text, appointment.policy_accepted_at
    assert (booked.policy_text, booked.policy_accepted_at) == accepted == ("Cancel a day before.", NOW)
    assert "Show the appointment you booked instead" in read_page(browser.get(path))


def test_a_proposed_time_that_has_gone_says_so(acme, browser, book_at, decline):
    appointment = book_at(rules=BY_HAND)
    decline(appointment, at(15))
    take(acme, appointment, at(15))

    answer = browser.post(f"/appointments/{appointment.pk}/proposal/")

    assert answer.status_code == 409
    assert "This time has gone" in read_page(answer)


def test_without_a_proposal_nothing_is_booked(acme, browser, book_at, decline):
    declined, confirmed = book_at(at(9), rules=BY_HAND), book_at(at(11))
    decline(declined)

    for appointment in (declined, confirmed):
        answer = browser.post(f"/appointments/{appointment.pk}/proposal/")
        assert answer.status_code == 409
        assert "No other time is proposed for this appointment." in read_page(answer)


def test_a_proposal_is_no_longer_shown_once_its_time_has_come(acme, browser, book_at, decline, time_machine):
    appointment = book_at(rules=BY_HAND)
    decline(appointment, NOW + timedelta(minutes=10))

    time_machine.move_to(NOW + timedelta(minutes=11), tick=False)

    assert "proposes another time" not in read_page(browser.get(f"/appointments/{appointment.pk}/"))
