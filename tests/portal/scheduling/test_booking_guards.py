"""What is held is booked only while it may be, by who holds it, and once."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.activity.models import Entry
from portal.messaging.models import Message
from portal.scheduling import services
from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentSource, SchedulingSettings, StaffCalendar
from portal.scheduling.services import HOLD_LIFETIME, BookingDetails, HoldRequest, SlotUnavailable, appointment_matching
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, RULES, at

pytestmark = pytest.mark.usefixtures("in_acme")

ANA = BookingDetails(name="Ana", email="ana@example.com")
ENDED = NOW + 2 * HOLD_LIFETIME


@pytest.fixture
def query():
    """The times of one service in one calendar."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar)


def book_hold(held, *, client=None, rules=RULES, now=NOW):
    """Book what is held, with the details of somebody who hasn't signed in unless a client books."""
    details = BookingDetails() if client else ANA
    return services.book_hold(hold_key=held.hold_key, details=details, client=client, rules=rules, now=now)


def test_nothing_is_booked_once_booking_is_switched_off(query):
    held = rows.hold(query, at(10))
    with pytest.raises(SlotUnavailable):
        book_hold(held, rules=SchedulingSettings(is_on=False))


def test_nothing_is_booked_in_a_calendar_that_was_switched_off(query):
    held = rows.hold(query, at(10))
    StaffCalendar.objects.update(is_active=False)
    with pytest.raises(SlotUnavailable):
        book_hold(held)


@pytest.mark.parametrize(("now", "is_booked"), [(at(9, 59), True), (at(10), False), (at(11), False)])
def test_a_time_that_has_come_is_not_booked(query, now, is_booked):
    held = rows.hold(query, at(10))
    Appointment.objects.update(hold_expires_at=now + HOLD_LIFETIME)
    if is_booked:
        assert book_hold(held, now=now).pk == held.pk
    else:
        with pytest.raises(SlotUnavailable):
            book_hold(held, now=now)


def test_an_ended_hold_keeps_to_the_notice_and_a_running_one_kept_to_it_when_it_began(query):
    rules = SchedulingSettings(notice=int((at(10) - NOW) / timedelta(minutes=1)) - 1)
    running, ended = rows.hold(query, at(10)), rows.hold(query, at(11, 0))
    late = at(11) - timedelta(minutes=rules.notice)
    with pytest.raises(SlotUnavailable):
        book_hold(ended, rules=rules, now=late)
    assert book_hold(running, rules=rules, now=NOW + timedelta(minutes=5)).pk == running.pk


def test_what_a_client_holds_is_booked_by_nobody_else(query):
    held = rows.hold(query, at(10), client=ClientFactory())
    for other in (None, ClientFactory()):
        with pytest.raises(SlotUnavailable):
            book_hold(held, client=other)


def test_a_demo_client_books_nothing_that_somebody_else_would_miss(query):
    held = rows.hold(query, at(10))
    with pytest.raises(SlotUnavailable):
        book_hold(held, client=ClientFactory(is_demo=True))


def test_a_booking_sent_twice_is_told_and_recorded_once(query):
    held = rows.hold(query, at(10))
    first, told = book_hold(held), Message.objects.count()
    second = book_hold(held)

    assert (first.pk, told) == (second.pk, Message.objects.count())
    assert Entry.objects.filter(event_type=SchedulingEvent.APPOINTMENT_CONFIRMED).count() == 1


def test_a_page_whose_second_booking_was_cancelled_books_that_time_no_third_time(query):
    key = uuid4()
    for _booking in range(2):
        booked = book_hold(rows.hold(query, at(10), key=key))
        services.cancel_appointment(appointment_id=booked.pk, staff=None, now=NOW)
    with pytest.raises(SlotUnavailable):
        rows.hold(query, at(10), key=key)


def test_a_booking_keeps_nothing_that_tells_networks_apart(query):
    request = HoldRequest(key=uuid4(), source=AppointmentSource.PUBLIC_FORM, network_digest=b"n" * 32)
    book_hold(services.hold_slot(query, at(10), request, now=NOW))

    assert bytes(Appointment.objects.get().network_digest) == b""


@pytest.mark.parametrize(
    ("visibility", "client", "is_held"),
    [("public", None, True), ("clients", None, False), ("clients", "ana", True), ("staff", "ana", False)],
)
def test_a_service_is_held_by_those_only_who_may_book_it(visibility, client, is_held):
    query = rows.build_query(rows.create_service(rows.create_calendar(), visibility=visibility))
    client = ClientFactory() if client else None
    if is_held:
        assert rows.hold(query, at(10), client=client)
    else:
        with pytest.raises(SlotUnavailable):
            rows.hold(query, at(10), client=client)


def test_a_client_holds_three_times_at_once_and_frees_the_first_by_a_fourth(query):
    client = ClientFactory()
    for hour in (9, 11, 13, 15):
        rows.hold(query, at(hour), client=client, now=NOW + timedelta(seconds=hour))

    assert {appointment.starts_at for appointment in Appointment.objects.all()} == {at(11), at(13), at(15)}


def test_only_who_has_not_signed_in_is_matched_with_the_client_list(
    query, monkeypatch, django_capture_on_commit_callbacks
):
    enqueued = []
    monkeypatch.setattr(appointment_matching, "enqueue_row_job", lambda name, **ids: enqueued.append(ids["row_id"]))
    client = ClientFactory()
    with django_capture_on_commit_callbacks(execute=True):
        stranger = book_hold(rows.hold(query, at(10)))
        book_hold(rows.hold(query, at(12), client=client), client=client)

    assert enqueued == [stranger.pk]
