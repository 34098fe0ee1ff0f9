"""Fixtures for the tests of the console's calendar: a Monday in January, on which Mona gives massages."""

from dataclasses import dataclass

import pytest

from portal.clients.models import Client
from portal.scheduling.models import Appointment, SchedulingSettings, Service, StaffCalendar
from tenants.context import use_business
from tenants.models import Business
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

BY_HAND = SchedulingSettings(acceptance="by-hand")


@dataclass(frozen=True)
class Practice:
    """Acme with one calendar and one service, and Ana as its client."""

    business: Business
    calendar: StaffCalendar
    service: Service
    ana: Client

    def book(self, hour: int, minute: int = 0, *, client: Client | None = None, days: int = 0, **fields) -> Appointment:
        """Book the service as a client, Ana unless told, on the Monday or so many days later."""
        with use_business(self.business):
            query = rows.build_query(fields.pop("service", self.service), self.calendar, days=7, **fields)
            return rows.book(query, at(hour, minute, days=days), client=client or self.ana)

    def request(self, hour: int, minute: int = 0, **fields) -> Appointment:
        """Ask for the service, of which staff have to confirm every appointment."""
        return self.book(hour, minute, rules=BY_HAND, **fields)

    def reload(self, appointment: Appointment) -> Appointment:
        """Return an appointment as it is stored now."""
        with use_business(self.business):
            return Appointment.objects.select_related("entry").get(pk=appointment.pk)


@pytest.fixture
def clock_before_monday(time_machine):
    """A week before the Monday."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def practice(clock_before_monday, acme) -> Practice:
    """Acme with Mona's calendar and massages of an hour."""
    with use_business(acme):
        calendar = rows.create_calendar()
        ana = ClientFactory(name="Ana Pereira", email="ana@example.com")
        return Practice(acme, calendar, rows.create_service(calendar), ana)
