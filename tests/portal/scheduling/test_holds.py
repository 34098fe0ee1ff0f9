"""A time is held for ten minutes while somebody fills in the form."""

import uuid
from datetime import timedelta

import pytest

from portal.scheduling import services
from portal.scheduling.models import Appointment, CalendarEntry
from portal.scheduling.services import HOLD_LIFETIME, SlotUnavailable
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def query():
    """The times of one service in one calendar."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar)


def test_a_held_time_is_offered_to_nobody_else(query):
    rows.hold(query, at(10))
    assert at(10) not in rows.list_starts(query)
    assert at(11) in rows.list_starts(query)
    with pytest.raises(SlotUnavailable):
        rows.hold(query, at(10, 30))


def test_the_same_page_holds_the_same_time_once(query):
    key = uuid.uuid4()
    assert rows.hold(query, at(10), key=key).pk == rows.hold(query, at(10), key=key).pk
    assert Appointment.objects.count() == CalendarEntry.objects.count() == 1


def test_choosing_another_time_on_the_same_page_frees_the_first(query):
    key = uuid.uuid4()
    rows.hold(query, at(10), key=key)
    rows.hold(query, at(10, 30), key=key)
    assert Appointment.objects.get().starts_at == at(10, 30)
    assert CalendarEntry.objects.count() == 1


def test_a_hold_ends_after_ten_minutes(query):
    rows.hold(query, at(10))
    with pytest.raises(SlotUnavailable):
        rows.hold(query, at(10), now=NOW + HOLD_LIFETIME - timedelta(seconds=1))
    assert rows.hold(query, at(10), now=NOW + HOLD_LIFETIME)
    assert Appointment.objects.count() == 1


def test_a_hold_that_has_ended_can_be_booked_while_nobody_has_the_time(query):
    late = NOW + 2 * HOLD_LIFETIME
    held = rows.hold(query, at(10))
    details = services.BookingDetails(name="Ana", email="ana@example.com")
    booked = services.book_hold(hold_key=held.hold_key, details=details, client=None, rules=query.rules, now=late)
    assert booked.state == "confirmed"


def test_a_hold_whose_time_somebody_else_holds_by_now_is_refused(query):
    late = NOW + 2 * HOLD_LIFETIME
    held = rows.hold(query, at(10))
    rows.hold(query, at(10), now=late)
    with pytest.raises(SlotUnavailable):
        services.book_hold(
            hold_key=held.hold_key, details=services.BookingDetails(), client=None, rules=query.rules, now=late
        )


def test_booking_twice_is_the_same_booking(query):
    held = rows.hold(query, at(10))
    details = services.BookingDetails(name="Ana", email="ana@example.com")
    fields = {"hold_key": held.hold_key, "details": details, "client": None, "rules": query.rules, "now": NOW}
    first, second = services.book_hold(**fields), services.book_hold(**fields)
    assert first.pk == second.pk
    assert first.version == second.version == 0


def test_a_client_who_chooses_their_own_time_again_gets_their_appointment(query):
    client = ClientFactory()
    booked = rows.book(query, at(10), client=client)
    assert rows.hold(query, at(10), client=client).pk == booked.pk


@pytest.mark.parametrize("capacity", [1, 3])
def test_two_pages_of_one_client_hold_the_same_time_once(capacity):
    query = rows.build_query(rows.create_service(rows.create_calendar(), capacity=capacity))
    client = ClientFactory()
    assert rows.hold(query, at(10), client=client).pk == rows.hold(query, at(10), client=client).pk
    assert CalendarEntry.objects.get().seats_taken == 1


def test_freeing_a_hold_offers_its_time_again_and_leaves_bookings(query):
    held = rows.hold(query, at(10))
    services.release_hold(hold_key=held.hold_key)
    assert at(10) in rows.list_starts(query)
    booked = rows.book(query, at(10))
    services.release_hold(hold_key=booked.hold_key)
    assert Appointment.objects.get().pk == booked.pk


def test_a_service_withdrawn_while_it_is_booked_is_refused(query):
    held = rows.hold(query, at(10))
    query.service.archived_at = NOW
    query.service.save(update_fields=["archived_at"])
    with pytest.raises(SlotUnavailable):
        services.book_hold(
            hold_key=held.hold_key, details=services.BookingDetails(), client=None, rules=query.rules, now=NOW
        )


def test_a_demo_client_keeps_nobody_from_a_time(query):
    rows.book(query, at(10), client=ClientFactory(is_demo=True))
    assert at(10) in rows.list_starts(query)
