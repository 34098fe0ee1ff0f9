"""Fixtures of the tests of scheduling in both APIs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from portal.scheduling.models import Appointment, Service, StaffCalendar
from tenants.context import use_business
from tests.api.scheduling import objects


@pytest.fixture
def service(acme, now) -> Service:
    """A massage of an hour at Acme, in one calendar that is open from nine to five, UTC."""
    with use_business(acme):
        return objects.create_service("Massage", now)


@pytest.fixture
def calendar(acme, service) -> StaffCalendar:
    """The calendar of whoever gives the massage."""
    with use_business(acme):
        return service.calendars.get()


@pytest.fixture
def appointment(acme, ana, now) -> Appointment:
    """Ana's request for an appointment tomorrow."""
    with use_business(acme):
        return objects.create_appointment(ana, now)


@pytest.fixture
def at() -> Callable[..., datetime]:
    """Return a function that returns an hour, in UTC, of the day in a week, or of one so many days later."""

    def get_instant(hour: int, *, days: int = 0) -> datetime:
        day = timezone.now().date() + timedelta(days=7 + days)
        return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

    return get_instant
