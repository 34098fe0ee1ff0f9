"""However many book the last time at the same moment, exactly one has it, and nobody sees an error."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.scheduling import services
from portal.scheduling.models import Acceptance, Appointment, CalendarEntry, SchedulingSettings
from portal.scheduling.services import (
    AppointmentChanged,
    BookingDetails,
    BookingNeedsConfirmation,
    SlotUnavailable,
    StaffBooking,
)
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("committed_db")

PARALLEL = 200
BY_HAND = SchedulingSettings(acceptance=Acceptance.BY_HAND)
STAFF = StaffActor(person_id=uuid.uuid4(), name="Sabine Acker")
REFUSALS = (SlotUnavailable, AppointmentChanged, BookingNeedsConfirmation)


def run_in_acme(acme, task: Callable[[Any], Any], items) -> tuple[list[Any], list[Exception]]:
    """Run a task for all items at once; return what they returned, and how they were refused."""

    def attempt(item: Any) -> Any:
        with use_business(acme):
            try:
                return task(item)
            except REFUSALS as refusal:
                return refusal

    results = run_concurrently(attempt, items)
    refused = [result for result in results if isinstance(result, Exception)]
    return [result for result in results if not isinstance(result, Exception)], refused


def assert_no_overlap(acme) -> None:
    """Compare all entries in pairs, without the help of the constraint."""
    with use_business(acme):
        entries = list(CalendarEntry.objects.filter(is_active=True, is_overbooked=False).order_by("busy_from"))
        taken: dict[Any, Any] = {}
        for entry in entries:
            for key in (entry.calendar_id, *entry.reservations.values_list("resource_id", flat=True)):
                assert key not in taken or taken[key] <= entry.busy_from
                taken[key] = entry.busy_until


@pytest.fixture
def calendar(acme):
    """The calendar of somebody who works from nine to five."""
    with use_business(acme):
        return rows.create_calendar()


@pytest.fixture
def query(acme, calendar):
    """The times of one service in that calendar."""
    with use_business(acme):
        return rows.build_query(rows.create_service(calendar), calendar, business=acme)


def test_one_of_200_holds_the_last_time(acme, query):
    # All overlap one another, though they start at different times.
    starts = [at(10) + timedelta(minutes=15 * (number % 4)) for number in range(PARALLEL)]
    held, refused = run_in_acme(acme, lambda starts_at: rows.hold(query, starts_at), starts)
    assert len(refused) == PARALLEL - len(held)
    assert_no_overlap(acme)
    # From ten to a quarter to twelve there is room for one appointment of an hour.
    assert len(held) == 1


def test_one_of_200_books_the_last_time_by_hold_or_by_staff(acme, query):
    with use_business(acme):
        client = ClientFactory()

    def book(number: int) -> Appointment:
        if number % 2:
            return services.book_for_client(StaffBooking(query, at(10)), client=client, staff=STAFF, now=NOW)
        return rows.book(query, at(10))

    booked, _refused = run_in_acme(acme, book, range(PARALLEL))
    assert len(booked) == 1
    assert_no_overlap(acme)


def test_one_page_sent_20_times_is_one_appointment(acme, query):
    key = uuid.uuid4()

    def book(_number: int) -> uuid.UUID:
        held = rows.hold(query, at(10), key=key)
        details = BookingDetails(name="Ana", email="ana@example.com")
        fields = {"hold_key": held.hold_key, "details": details, "client": None, "rules": query.rules, "now": NOW}
        return services.book_hold(**fields).pk

    booked, refused = run_in_acme(acme, book, range(20))
    assert (len(set(booked)), refused) == (1, [])


def test_one_client_who_books_20_times_at_once_has_one_appointment(acme, query):
    with use_business(acme):
        client = ClientFactory()
    booked, _refused = run_in_acme(acme, lambda _number: rows.book(query, at(10), client=client).pk, range(20))
    assert len(set(booked)) == 1
    with use_business(acme):
        assert Appointment.objects.filter(client=client).count() == 1


def test_two_services_of_one_person_share_their_time(acme, calendar, query):
    with use_business(acme):
        shorter = rows.build_query(rows.create_service(calendar, duration=30), business=acme)
    booked, _refused = run_in_acme(
        acme, lambda number: rows.hold(query if number % 2 else shorter, at(10)), range(PARALLEL)
    )
    assert len(booked) == 1
    assert_no_overlap(acme)


def test_two_people_share_one_room(acme, query):
    with use_business(acme):
        room = rows.create_resource()
        calendars = [rows.create_calendar(f"Person {number}") for number in range(4)]
        queries = [
            rows.build_query(rows.create_service(person, resources=(room,)), person, business=acme)
            for person in calendars
        ]
    booked, _refused = run_in_acme(acme, lambda number: rows.hold(queries[number % 4], at(10)), range(PARALLEL))
    assert len(booked) == 1
    assert_no_overlap(acme)


def test_the_seats_of_a_class_are_taken_once_each(acme, calendar):
    with use_business(acme):
        query = rows.build_query(rows.create_service(calendar, capacity=5), calendar, business=acme)
    booked, refused = run_in_acme(acme, lambda _number: rows.hold(query, at(10)), range(PARALLEL))
    assert (len(booked), len(refused)) == (5, PARALLEL - 5)
    with use_business(acme):
        assert CalendarEntry.objects.get().seats_taken == 5


def test_a_request_is_answered_once_by_200_at_the_same_moment(acme, query):
    with use_business(acme):
        requested = rows.book(rows.build_query(query.service, rules=BY_HAND, business=acme), at(10))

    def answer(number: int) -> str:
        change = services.confirm_appointment if number % 2 else services.decline_appointment
        return change(appointment_id=requested.pk, staff=STAFF, now=NOW).state

    answered, refused = run_in_acme(acme, answer, range(PARALLEL))
    assert (len(answered), len(refused)) == (1, PARALLEL - 1)
    with use_business(acme):
        appointment = Appointment.objects.select_related("entry").get()
        assert appointment.state == answered[0]
        assert appointment.entry.is_active == (appointment.state == "confirmed")


def test_moves_to_one_time_end_with_one_there_and_the_others_where_they_were(acme, query):
    with use_business(acme):
        clients = [ClientFactory() for _hour in range(4)]
        booked = [rows.book(query, at(9 + number), client=client) for number, client in enumerate(clients)]

    def move(number: int) -> Appointment:
        fields = {"appointment_id": booked[number % 4].pk, "client": clients[number % 4]}
        return services.reschedule_own_appointment(query, at(15), **fields, now=NOW)

    run_in_acme(acme, move, range(80))
    with use_business(acme):
        starts = sorted(Appointment.objects.values_list("starts_at", flat=True))
    assert starts.count(at(15)) == 1
    assert len(starts) == len(set(starts)) == 4
    assert_no_overlap(acme)


def test_the_daily_limit_holds_for_all_at_once(acme):
    with use_business(acme):
        calendar = rows.create_calendar("Timo", daily_limit=2)
        query = rows.build_query(rows.create_service(calendar), calendar, business=acme)
    starts = [at(9 + number % 8) for number in range(80)]
    booked, _refused = run_in_acme(acme, lambda starts_at: rows.hold(query, starts_at), starts)
    assert len(booked) == 2
