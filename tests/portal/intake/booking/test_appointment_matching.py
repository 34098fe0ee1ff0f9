"""Tests of matching booked appointments with the client list."""

import pytest

from portal.scheduling import services
from portal.scheduling.services import AppointmentChanged
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.intake.booking.booking_steps import (
    add_service,
    hold_and_fill_in,
    list_appointments,
    match_appointments,
)


def test_the_request_of_a_known_client_is_confirmed_where_only_new_ones_wait(acme, browser, advance_clock):
    with use_business(acme):
        nora = ClientFactory(name="Nora Neu", email="nora@example.com")
    hold_and_fill_in(browser, add_service(acme, acceptance="new"), advance_clock)
    match_appointments(acme)

    [appointment] = list_appointments(acme)
    assert (appointment.client, appointment.state, appointment.match_result) == (nora, "confirmed", "known")


def test_somebody_unknown_is_added_and_waits_for_an_answer(acme, browser, advance_clock):
    hold_and_fill_in(browser, add_service(acme, acceptance="new"), advance_clock)
    match_appointments(acme)

    [appointment] = list_appointments(acme)
    assert (appointment.client.source, appointment.state) == ("booking-page", "requested")
    assert appointment.match_result == "new"


def test_staff_choose_among_several_clients_once(acme, browser, advance_clock, staff_client, now):
    with use_business(acme):
        clients = [ClientFactory(email="nora@example.com") for _one in range(2)]
    hold_and_fill_in(browser, add_service(acme), advance_clock)
    match_appointments(acme)
    [appointment] = list_appointments(acme)

    page = staff_client().get("/console/acme/enquiries/suggestions/").content.decode()

    assert f"/{appointment.pk}/" in page
    assert f"/enquiries/{appointment.pk}/" not in page
    with use_business(acme):
        assert set(services.list_appointment_candidates(appointment)) == set(clients)
        chosen = {"appointment_id": appointment.pk, "client": clients[0], "staff": None, "now": now}
        assert services.assign_appointment(**chosen).client == clients[0]
        with pytest.raises(AppointmentChanged):
            services.assign_appointment(**chosen)


def test_a_visitor_books_in_a_frame_without_cookies(acme, browser, advance_clock):
    path, answer = hold_and_fill_in(browser, add_service(acme), advance_clock, prefix="/embed/booking/")
    page = browser.get(path).content.decode()

    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert "Confirmed" in page
    assert "csrfmiddlewaretoken" not in page
    assert not browser.cookies
