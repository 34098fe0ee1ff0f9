"""Staff may book any time, after a warning that says what speaks against it."""

import pytest

from portal.scheduling import services
from portal.scheduling.models import CalendarEntry, ResourceKind
from portal.scheduling.services import BookingNeedsConfirmation, BookingWarning, SlotUnavailable, StaffBooking
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def calendar():
    """The calendar of somebody who works from nine to five."""
    return rows.create_calendar()


@pytest.fixture
def book_by_staff(staff):
    """Return a function that books a time for a new client on behalf of staff."""

    def book_by_staff(query, starts_at, *, ignores_warnings: bool = False):
        booking = StaffBooking(query, starts_at, ignores_warnings=ignores_warnings)
        return services.book_for_client(booking, client=ClientFactory(), staff=staff, now=NOW)

    return book_by_staff


def catch_warnings(book, query, starts_at) -> tuple[BookingWarning, ...]:
    """Return what staff are warned of when they book a time."""
    with pytest.raises(BookingNeedsConfirmation) as caught:
        book(query, starts_at)
    return caught.value.warnings


def test_an_offered_time_needs_no_warning(calendar, book_by_staff):
    appointment = book_by_staff(rows.build_query(rows.create_service(calendar), calendar), at(10))
    assert (appointment.state, appointment.is_overbooked) == ("confirmed", False)


def test_a_time_outside_the_hours_is_warned_of_and_still_protected(calendar, book_by_staff):
    query = rows.build_query(rows.create_service(calendar), calendar)
    assert catch_warnings(book_by_staff, query, at(20)) == (BookingWarning.NOT_OFFERED,)
    appointment = book_by_staff(query, at(20), ignores_warnings=True)
    assert not appointment.is_overbooked
    assert catch_warnings(book_by_staff, query, at(20)) == (BookingWarning.CALENDAR_TAKEN,)


def test_a_taken_time_can_be_overbooked_and_the_row_says_so(calendar, book_by_staff):
    query = rows.build_query(rows.create_service(calendar), calendar)
    rows.book(query, at(10))
    assert catch_warnings(book_by_staff, query, at(10, 30)) == (BookingWarning.CALENDAR_TAKEN,)
    appointment = book_by_staff(query, at(10, 30), ignores_warnings=True)
    assert appointment.is_overbooked
    assert CalendarEntry.objects.filter(is_overbooked=True).count() == 1
    # What staff overbooked keeps clients from the rest of its time as well.
    with pytest.raises(SlotUnavailable):
        rows.hold(query, at(11))
    assert at(11, 30) in rows.list_starts(query)


def test_a_taken_room_is_warned_of(calendar, book_by_staff):
    room = rows.create_resource()
    query = rows.build_query(rows.create_service(calendar, resources=(room,)), calendar)
    other = rows.create_calendar("Timo")
    rows.book(rows.build_query(rows.create_service(other, resources=(room,)), other), at(10))
    assert catch_warnings(book_by_staff, query, at(10)) == (BookingWarning.RESOURCE_TAKEN,)
    assert book_by_staff(query, at(10), ignores_warnings=True).is_overbooked


def test_a_full_group_gets_a_seat_more_on_purpose(calendar, book_by_staff):
    query = rows.build_query(rows.create_service(calendar, capacity=2), calendar)
    for _seat in range(2):
        rows.book(query, at(10))
    assert catch_warnings(book_by_staff, query, at(10)) == (BookingWarning.FULL,)
    assert book_by_staff(query, at(10), ignores_warnings=True).is_overbooked
    entry = CalendarEntry.objects.get()
    assert (entry.seats_taken, entry.capacity) == (3, 3)


def test_staff_move_an_appointment_over_its_own_former_time(calendar, book_by_staff, staff):
    query = rows.build_query(rows.create_service(calendar), calendar)
    appointment = book_by_staff(query, at(10))
    booking = StaffBooking(query, at(10, 30))
    moved = services.reschedule_appointment(booking, appointment_id=appointment.pk, staff=staff, now=NOW)
    assert (moved.starts_at, moved.version, moved.is_overbooked) == (at(10, 30), 1, False)
    assert CalendarEntry.objects.get().starts_at == at(10, 30)


def test_equipment_is_needed_whole_and_one_of_the_rooms(calendar, book_by_staff):
    rooms = (rows.create_resource("Room 1"), rows.create_resource("Room 2"))
    laser = rows.create_resource("Laser", ResourceKind.EQUIPMENT)
    other = rows.create_calendar("Timo")
    with_room = rows.build_query(rows.create_service(calendar, resources=rooms), calendar)
    with_laser = rows.build_query(rows.create_service(calendar, resources=(laser, *rooms)), calendar)
    rows.book(rows.build_query(rows.create_service(other, resources=(laser, rooms[0])), other), at(10))
    assert at(10) in rows.list_starts(with_room)
    assert at(10) not in rows.list_starts(with_laser)
    assert catch_warnings(book_by_staff, with_laser, at(10)) == (BookingWarning.RESOURCE_TAKEN,)
    assert book_by_staff(with_room, at(10)).entry.reservations.get().resource == rooms[1]
