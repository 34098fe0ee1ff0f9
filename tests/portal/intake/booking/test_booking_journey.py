"""Tests of booking without JavaScript: from a service to a time, to the form, to the confirmation."""

import re

from django.utils.html import escape

from portal.scheduling.models import Appointment, AppointmentState, Service
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.intake.booking.booking_steps import (
    NORA,
    add_service,
    hold_and_fill_in,
    hold_time,
    list_appointments,
    read_policy,
    read_times,
)


def test_a_stranger_books_the_first_free_time(acme, browser, advance_clock):
    massage = add_service(acme)

    assert browser.get("/book/").headers["Location"] == f"/book/{massage.pk}/"
    path, answer = hold_and_fill_in(browser, massage, advance_clock, note="Second floor, please.")
    confirmation = browser.get(path).content.decode()

    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert "Confirmed" in confirmation
    assert "Monday, 4 January 2027, <strong>11:00</strong> (Europe/Berlin)" in confirmation
    [appointment] = list_appointments(acme)
    assert appointment.state == AppointmentState.CONFIRMED
    assert (appointment.contact_name, appointment.contact_email) == ("Nora Neu", "nora@example.com")
    assert appointment.note == "Second floor, please."
    assert f"{appointment.starts_at:%H:%M}" == "10:00"


def test_several_services_are_listed_with_duration_and_price(acme, browser):
    add_service(acme, price_amount=4500, duration=90)
    add_service(acme, "Ravi", name="Yoga", price_amount=0)

    page = browser.get("/book/").content.decode()

    assert "1 hour 30 minutes · €45.00" in page
    assert "1 hour · free of charge" in page


def test_a_time_is_held_for_ten_minutes_and_says_so(acme, browser):
    page = browser.get(hold_time(browser, add_service(acme)).headers["Location"]).content.decode()

    assert "We hold this time for you until 09:10 (Europe/Berlin)." in page
    assert "Your name" in page


def test_a_double_click_is_one_hold_and_a_double_send_one_booking(acme, browser, advance_clock):
    massage = add_service(acme)
    form_token, times = read_times(browser, f"/book/{massage.pk}/")
    chosen = {"form_token": form_token, "starts_at": times[0]}

    paths = {browser.post(f"/book/{massage.pk}/holds/", chosen).headers["Location"] for _click in range(2)}
    advance_clock(10)
    answers = [browser.post(min(paths), NORA) for _send in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(list_appointments(acme)) == 1


def test_the_first_free_day_is_open_and_others_are_marked(acme, browser):
    page = browser.get(f"/book/{add_service(acme).pk}/").content.decode()

    assert "Monday, 4 January 2027" in page
    assert 'href="?day=2027-01-05#day"' in page
    assert 'aria-current="date"' in page
    assert "Next free day" in page


def test_the_chosen_calendar_is_kept(acme, browser):
    massage = add_service(acme, "Mona", "Ravi")
    with use_business(acme):
        ravi = massage.calendars.get(name="Ravi")
    page = browser.get(f"/book/{massage.pk}/", {"staff": str(ravi.pk)}).content.decode()

    answer = hold_time(browser, massage, staff=str(ravi.pk))

    assert f"day=2027-01-05&amp;staff={ravi.pk}#day" in page
    assert "Ravi" in browser.get(answer.headers["Location"]).content.decode()
    with use_business(acme):
        assert Appointment.objects.get().entry.calendar == ravi


def test_choosing_another_time_frees_the_first(acme, browser):
    massage = add_service(acme)
    path = hold_time(browser, massage).headers["Location"]

    answer = browser.post(f"{path}release/")

    assert answer.headers["Location"] == f"/book/{massage.pk}/?day=2027-01-04"
    assert list_appointments(acme) == []
    assert browser.get(answer.headers["Location"]).status_code == 200


def test_a_signed_in_client_only_confirms(acme, sign_in_client, advance_clock):
    with use_business(acme):
        ana = ClientFactory(name="Ana Pereira", email="ana@example.com")
    massage = add_service(acme, visibility="clients")
    browser = sign_in_client(acme, "ana@example.com")

    home = browser.get("/").content.decode()
    path = hold_time(browser, massage).headers["Location"]
    form = browser.get(path).content.decode()
    browser.post(path)

    assert 'href="/book/"' in home
    assert "Your name" not in form
    [appointment] = list_appointments(acme)
    assert (appointment.client, appointment.state, appointment.source) == (ana, "confirmed", "portal")


def test_questions_and_policy_have_to_be_answered(acme, browser, advance_clock):
    massage = add_service(acme, policy_text="Cancel a day before.")
    with use_business(acme):
        side = massage.questions.create(
            label="Which side?", kind="choice", choices=["Left", "Right"], is_required=True, position=1
        )
        tick = massage.questions.create(label="I have a referral", kind="tick", position=2)

    path, refused = hold_and_fill_in(browser, massage, advance_clock)
    page = refused.content.decode()
    answer = browser.post(path, NORA | {f"question-{side.pk}": "Left", "accepts_policy": read_policy(refused)})

    assert refused.status_code == 422
    assert "Please answer this question." in page
    assert "Please accept this to book." in page
    assert escape("Nora Neu") in page
    assert answer.status_code == 302
    [appointment] = list_appointments(acme)
    assert appointment.answers == [["Which side?", "Left"], [tick.label, "No"]]
    assert appointment.policy_text == "Cancel a day before."


def test_a_policy_that_changed_while_the_form_was_open_has_to_be_accepted_again(acme, browser, advance_clock):
    massage = add_service(acme, policy_text="Cancel a day before.")
    path, refused = hold_and_fill_in(browser, massage, advance_clock)
    before = read_policy(refused)
    with use_business(acme):
        Service.objects.update(policy_text="Cancel two days before.")

    changed = browser.post(path, NORA | {"accepts_policy": before})
    page = changed.content.decode()

    assert changed.status_code == 422
    assert "This has changed since you opened the page." in page
    assert "Cancel two days before." in page
    assert not re.search(r"accepts_policy[^>]* checked", page)
    assert browser.post(path, NORA | {"accepts_policy": read_policy(changed)}).status_code == 302
    assert list_appointments(acme)[0].policy_text == "Cancel two days before."


def test_a_request_says_that_an_answer_follows(acme, browser, advance_clock):
    path, _answer = hold_and_fill_in(browser, add_service(acme, acceptance="by-hand"), advance_clock)

    page = browser.get(path).content.decode()

    assert "Requested" in page
    assert "will write to you" in page


def test_the_calendar_file_says_the_same_instant(acme, browser, advance_clock):
    path, _answer = hold_and_fill_in(browser, add_service(acme), advance_clock)

    answer = browser.get(f"{path}calendar/")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"DTSTART:20270104T100000Z" in answer.content
    assert b"STATUS:CONFIRMED" in answer.content


def test_the_page_is_translated_into_german(acme, browser):
    page = browser.get(f"/book/{add_service(acme).pk}/", headers={"accept-language": "de"}).content.decode()

    assert "Montag, 4. Januar 2027" in page
    assert "Alle Leistungen" in page
