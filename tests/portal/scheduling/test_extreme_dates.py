"""Dates at the ends of the calendar are answered with a sentence, wherever they are sent."""

from datetime import UTC, datetime

import pytest

from portal.scheduling import services
from portal.scheduling.booking_pages import parse_start
from portal.scheduling.services import SlotUnavailable, StaffBooking
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")

EXTREMES = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)]


@pytest.fixture
def query():
    """The times of one service in one calendar."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar)


@pytest.mark.parametrize("starts_at", EXTREMES)
def test_nobody_holds_moves_or_books_a_time_that_nobody_means(query, staff, starts_at):
    client = ClientFactory()
    booked = rows.book(query, at(10), client=client)
    booking = StaffBooking(query, starts_at, ignores_warnings=True)
    attempts = [
        lambda: rows.hold(query, starts_at),
        lambda: services.reschedule_own_appointment(query, starts_at, appointment_id=booked.pk, client=client, now=NOW),
        lambda: services.book_for_client(booking, client=client, staff=staff, now=NOW),
        lambda: services.reschedule_appointment(booking, appointment_id=booked.pk, staff=staff, now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(SlotUnavailable):
            attempt()


@pytest.mark.parametrize("starts_at", EXTREMES)
def test_the_nearest_times_are_those_of_the_horizon(query, starts_at):
    assert services.list_nearest_slots(query, starts_at, now=NOW)


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1999-12-31T00:00:00Z", "x"])
def test_a_form_that_names_such_a_time_names_none(text):
    assert parse_start(text) is None
