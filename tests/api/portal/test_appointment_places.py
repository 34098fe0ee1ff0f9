"""The client API shows the link of a call only while the appointment is confirmed."""

import pytest

from portal.scheduling.models import Appointment
from tenants.context import use_business
from tests.api.portal.test_appointments import book, program, update_service
from tests.api.scheduling.conftest import at, calendar, service

__all__ = ["at", "book", "calendar", "program", "service"]
pytestmark = pytest.mark.usefixtures("committed_db")

LINK = "https://meet.example.com/acme"


@pytest.mark.parametrize("state", ["requested", "confirmed", "declined", "cancelled"])
def test_a_link_is_shown_only_while_the_appointment_is_confirmed(acme, program, book, at, state):
    update_service(acme, location_kind="video", location=LINK)
    address = f"appointments/{book(at(10)).json()['id']}/"
    with use_business(acme):
        Appointment.objects.update(state=state)

    assert program.get(address).json()["location"] == (LINK if state == "confirmed" else "")
