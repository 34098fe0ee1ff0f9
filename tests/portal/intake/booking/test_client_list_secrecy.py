"""Nothing that a stranger sees or is sent says whether somebody is on the client list."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.scheduling import services
from portal.scheduling.models import Appointment
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.intake.booking.booking_steps import (
    add_service,
    hold_and_fill_in,
    hold_time,
    list_appointments,
    match_appointments,
)
from tests.portal.scheduling.notice_steps import deliver_at

LINK = "https://meet.example.com/acme"
MOBILE = "+491713920012"
# What names one appointment, and so differs in any two.
OWN_LINE = re.compile(rb"^(UID|URL)[;:].*\r\n( .*\r\n)*", re.MULTILINE)


def book_video(acme, browser, advance_clock, **fields):
    """Request a video call as Nora, have it matched, and return the address of its page."""
    service = add_service(acme, acceptance="new", location_kind="video", location=LINK, **fields)
    path, _answer = hold_and_fill_in(browser, service, advance_clock)
    match_appointments(acme)
    return path


def test_a_stranger_s_own_mailbox_is_written_to_whoever_s_number_they_typed(acme, browser, advance_clock, outbox):
    with use_business(acme):
        ClientFactory(name="Victim", mobile=MOBILE)
    hold_and_fill_in(browser, add_service(acme, acceptance="new"), advance_clock, mobile=MOBILE)
    match_appointments(acme)
    [appointment] = list_appointments(acme)

    assert (appointment.client, appointment.match_result, appointment.state) == (None, "ambiguous", "requested")
    assert {mail["to"] for mail in deliver_at(timezone.now() + timedelta(minutes=1))} == {"nora@example.com"}


def test_an_appointment_that_staff_assigned_is_still_mailed_to_who_booked_it(acme, browser, advance_clock, outbox, now):
    with use_business(acme):
        victim = ClientFactory(name="Victim", email="victim@example.com", mobile=MOBILE)
    hold_and_fill_in(browser, add_service(acme, acceptance="by-hand"), advance_clock, mobile=MOBILE)
    match_appointments(acme)
    with use_business(acme):
        ids = {"appointment_id": Appointment.objects.get().pk, "staff": None, "now": timezone.now()}
        services.assign_appointment(**ids, client=victim)
        services.confirm_appointment(**ids)

    mails = deliver_at(timezone.now() + timedelta(minutes=1))

    assert {mail["to"] for mail in mails} == {"nora@example.com"}
    assert "/appointments/" not in mails[-1]["text"]


@pytest.mark.parametrize("is_known", [True, False])
def test_the_file_of_a_request_is_the_same_for_known_and_unknown(acme, browser, advance_clock, is_known):
    if is_known:
        with use_business(acme):
            ClientFactory(name="Nora Neu", email="nora@example.com")
    file = browser.get(f"{book_video(acme, browser, advance_clock)}calendar/").content
    [appointment] = list_appointments(acme)

    assert appointment.state == ("confirmed" if is_known else "requested")
    assert b"LOCATION" not in file
    assert LINK.encode() not in file
    assert b"STATUS:TENTATIVE" in file
    assert b"SEQUENCE:0" in OWN_LINE.sub(b"", file)


@pytest.mark.parametrize("is_known", [True, False])
def test_the_page_of_a_request_has_no_link(acme, browser, advance_clock, is_known):
    if is_known:
        with use_business(acme):
            ClientFactory(name="Nora Neu", email="nora@example.com")
    path = book_video(acme, browser, advance_clock)

    assert LINK not in browser.get(path).content.decode()


@pytest.mark.parametrize("state", ["requested", "confirmed", "done", "no-show", "expired", "declined", "cancelled"])
def test_a_stranger_is_told_only_that_the_time_is_over(acme, browser, advance_clock, state):
    path = book_video(acme, browser, advance_clock)
    with use_business(acme):
        starts_at = Appointment.objects.get().starts_at
        Appointment.objects.update(state=state)
    advance_clock(starts_at - timezone.now())

    page = browser.get(path).content.decode()

    assert "This time is over" in page
    assert LINK not in page
    assert "does not take place" not in page
    assert browser.get(f"{path}calendar/").status_code == 404


@pytest.mark.parametrize(("state", "sentence"), [("done", "has taken place"), ("no-show", "You missed this")])
def test_a_client_reads_what_became_of_their_appointment(acme, sign_in_client, state, sentence):
    with use_business(acme):
        ClientFactory(name="Ana", email="ana@example.com")
    ana = sign_in_client(acme, "ana@example.com")
    path = hold_time(ana, add_service(acme)).headers["Location"]
    ana.post(path)
    with use_business(acme):
        Appointment.objects.update(state=state)

    page = ana.get(path).content.decode()

    assert sentence in page
    assert "does not take place" not in page
