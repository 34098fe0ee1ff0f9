"""Changes of one appointment at the same moment end as if one had come after the other, without a deadlock."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from portal.clients import services as clients
from portal.clients.models import Client
from portal.scheduling import personal_data, services
from portal.scheduling.models import Acceptance, Appointment, CalendarEntry, SchedulingSettings, StaffCalendar
from portal.scheduling.models.appointment import SEATED_STATES
from portal.scheduling.services import BookingDetails, SlotUnavailable, StaffBooking
from portal.scheduling.services.appointment_locks import lock_appointment
from portal.scheduling.services.calendar_entries import lock_calendars
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory
from tests.lock_contention import run_blocked
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("committed_db")

STAFF = StaffActor(person_id=uuid.uuid4(), name="Sabine Acker")
AFTER_HOLDS = NOW + timedelta(minutes=11)
STRANGER = BookingDetails(name="Ana Pereira", email="ana@example.com")


@pytest.fixture
def business(acme):
    """Acme, with the thread in its schema."""
    with use_business(acme):
        yield acme


@pytest.fixture
def single(business):
    """The times of a service for one client at a time."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar, business=business)


@pytest.fixture
def group(business):
    """The times of a class of five."""
    calendar = rows.create_calendar("Timo")
    return rows.build_query(rows.create_service(calendar, capacity=5), calendar, business=business)


def book(key, query, *, client=None, details=STRANGER) -> Appointment:
    """Book what a page holds."""
    return services.book_hold(hold_key=key, details=details, client=client, rules=query.rules, now=NOW)


def assert_seats_are_counted() -> None:
    """Compare the seats of each entry with its appointments."""
    for entry in CalendarEntry.objects.exclude(service=None):
        seats = Appointment.objects.filter(entry=entry, state__in=SEATED_STATES).count()
        assert (entry.seats_taken, entry.is_active) == (seats, seats > 0)


def assert_no_error(results: list) -> None:
    """Check that what waited came to its end."""
    assert not isinstance(results[0], Exception), results


def test_choosing_another_time_deletes_no_booking_of_the_same_moment(business, single):
    key = uuid.uuid4()
    rows.hold(single, at(10), key=key)
    with run_blocked(lambda: rows.hold(single, at(12), key=key), business=business) as results:
        booked = book(key, single)
    assert_no_error(results)
    assert Appointment.objects.filter(pk=booked.pk, state="confirmed").exists()


def test_a_hold_that_two_delete_frees_one_seat(business, group):
    key = uuid.uuid4()
    rows.book(group, at(10), client=ClientFactory())
    rows.hold(group, at(10), key=key)
    action = lambda: rows.hold(group, at(12), key=key, now=AFTER_HOLDS)  # noqa: E731
    with run_blocked(action, business=business) as results:
        services.release_expired_holds(now=AFTER_HOLDS)
    assert_no_error(results)
    assert_seats_are_counted()


@pytest.mark.parametrize("wanted", [at(10), at(14)], ids=["joins the class", "another time"])
def test_ended_holds_are_freed_while_others_hold_times(business, group, wanted):
    rows.book(group, at(10), client=ClientFactory())
    rows.hold(group, at(10))
    hold_too = lambda: rows.hold(group, wanted, now=AFTER_HOLDS)  # noqa: E731
    action = lambda: rows.hold(group, at(12), now=AFTER_HOLDS)  # noqa: E731
    with run_blocked(action, business=business, once_blocked=hold_too) as results:
        lock_calendars([group.calendar_id])
    assert_no_error(results)


def test_forty_hold_seats_of_a_class_beside_holds_that_have_ended(business, acme):
    calendar = rows.create_calendar()
    query = rows.build_query(rows.create_service(calendar, capacity=60), calendar, business=acme)
    for number in range(20):
        rows.hold(query, at(10), now=NOW + timedelta(seconds=number))

    def hold(number: int) -> Appointment:
        with use_business(acme):
            return rows.hold(query, at(10), now=NOW + timedelta(minutes=10, seconds=number))

    assert len(run_concurrently(hold, range(40))) == 40
    assert_seats_are_counted()


def test_a_client_is_merged_while_their_appointment_is_cancelled(business, single):
    duplicate, survivor = ClientFactory(), ClientFactory()
    booked = rows.book(single, at(10), client=duplicate)
    merge = lambda: personal_data._merge_appointments(survivor.pk, duplicate.pk, NOW)  # noqa: E731
    cancel = lambda: services.cancel_appointment(appointment_id=booked.pk, staff=STAFF, now=NOW)  # noqa: E731
    with run_blocked(cancel, business=business, once_blocked=merge) as results:
        lock_clients(duplicate, survivor)
    assert_no_error(results)


def test_a_client_is_erased_while_they_book(business, single):
    client, key = ClientFactory(), uuid.uuid4()
    rows.hold(single, at(10), key=key, client=client)
    person = clients.identify_person(client.ids_with_merged(), country="DE")
    erase = lambda: personal_data._erase_appointments(person, NOW)  # noqa: E731
    action = lambda: book(key, single, client=client, details=BookingDetails())  # noqa: E731
    with run_blocked(action, business=business, once_blocked=erase) as results:
        lock_clients(client)
    assert isinstance(results[0], SlotUnavailable)


def test_a_seat_that_is_cancelled_and_erased_is_freed_once(business, group):
    booked = rows.book(group, at(10))
    rows.book(group, at(10), name="Ben Other", email="ben@example.com")
    person = clients.identify_person(
        ClientFactory(name="Ana Pereira", email="ana@example.com").ids_with_merged(), country="DE"
    )
    erase = transaction.atomic(lambda: personal_data._erase_appointments(person, NOW))
    with run_blocked(erase, business=business) as results:
        services.cancel_appointment(appointment_id=booked.pk, staff=STAFF, now=NOW)
    assert_no_error(results)
    assert_seats_are_counted()


def test_two_holds_of_one_client_who_signed_in_become_one_seat(business, group):
    client, keys = ClientFactory(), (uuid.uuid4(), uuid.uuid4())
    for key in keys:
        rows.hold(group, at(10), key=key)
    with run_blocked(lambda: book(keys[1], group, client=client), business=business) as results:
        first = book(keys[0], group, client=client)
    assert results[0].pk == first.pk
    assert_seats_are_counted()


def test_blocked_time_is_warned_of_by_whoever_books_in_the_same_moment(business, single):
    client, calendar = ClientFactory(), StaffCalendar.objects.get(pk=single.calendar_id)
    action = lambda: services.book_for_client(StaffBooking(single, at(10)), client=client, staff=STAFF, now=NOW)  # noqa: E731
    with run_blocked(action, business=business) as results:
        services.block_time(calendar=calendar, title="Away", starts_at=at(10), ends_at=at(11), staff=STAFF, now=NOW)
    assert isinstance(results[0], services.BookingNeedsConfirmation)


def test_an_appointment_is_read_again_after_the_wait_for_it(business, group):
    client = ClientFactory()
    booked = rows.book(group, at(10), client=client)
    cancel = lambda: services.cancel_appointment(appointment_id=booked.pk, staff=STAFF, now=NOW)  # noqa: E731
    with run_blocked(cancel, business=business) as results:
        services.reschedule_own_appointment(group, at(12), appointment_id=booked.pk, client=client, now=NOW)
    assert_no_error(results)
    assert_seats_are_counted()


def test_an_appointment_of_a_merged_client_is_the_survivors_after_the_wait(business, single):
    duplicate, survivor = ClientFactory(), ClientFactory()
    booked = rows.book(
        rows.build_query(single.service, rules=SchedulingSettings(acceptance=Acceptance.NEW_CLIENTS)),
        at(10),
        client=duplicate,
    )
    lock: Callable[[], Appointment] = transaction.atomic(lambda: lock_appointment(booked.pk))
    with run_blocked(lock, business=business) as results:
        personal_data._merge_appointments(survivor.pk, duplicate.pk, NOW)
    assert results[0].client == survivor


def test_a_double_click_on_moving_to_another_person_moves_once(business):
    calendars = rows.create_calendar("Mona"), rows.create_calendar("Timo")
    service, client = rows.create_service(*calendars), ClientFactory()
    here, there = (rows.build_query(service, calendar, business=business) for calendar in calendars)
    booked = rows.book(here, at(10), client=client)
    fields = {"appointment_id": booked.pk, "client": client, "now": NOW}
    with run_blocked(lambda: services.reschedule_own_appointment(there, at(12), **fields), business=business):
        services.reschedule_own_appointment(there, at(12), **fields)
    booked.refresh_from_db()
    assert booked.version == 1


def lock_clients(*wanted: Client) -> None:
    """Lock clients as merging and erasing do."""
    list(Client.objects.select_for_update().filter(pk__in=[client.pk for client in wanted]).order_by("pk"))
