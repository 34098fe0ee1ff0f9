"""A booking reserves a session of its client's package, which is used after the visit and returned without one."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.activity.models import Entry
from portal.scheduling import services
from portal.scheduling.models import Acceptance, ClientPackage, PackageSession, SchedulingSettings
from portal.scheduling.services import AppointmentChanged, ChangeWindowClosed, StaffBooking
from tests.factories import ClientFactory
from tests.portal.scheduling import package_rows as packages
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.package_rows import SABINE
from tests.portal.scheduling.scheduling_rows import MONDAY, NOW, at

pytestmark = pytest.mark.usefixtures("in_berlin")

BY_HAND = SchedulingSettings(acceptance=Acceptance.BY_HAND)
NEXT_DAY = MONDAY.date() + timedelta(days=1)


@pytest.fixture
def in_berlin(in_acme):
    """Acme keeps Berlin's calendar."""
    in_acme.time_zone = rows.BERLIN
    in_acme.save()
    return in_acme


@pytest.fixture
def query(in_berlin):
    """The times of one service for a week."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar, days=7)


@pytest.fixture
def client(in_berlin):
    """A client on the list."""
    return ClientFactory(name="Ana Pereira", email="ana@example.com")


@pytest.fixture
def package(client, query):
    """Five sessions of that client's."""
    return packages.give(client, query.service)


@pytest.fixture
def booked(query, client, package):
    """An appointment for which a session is reserved."""
    return rows.book(query, at(10), client=client)


def use_fields(appointment, **fields):
    """Return the arguments of a change by staff."""
    return {"appointment_id": appointment.pk, "staff": SABINE, "now": NOW} | fields


def test_a_booking_reserves_a_session_once_however_often_it_is_sent(query, client, package, booked):
    details = services.BookingDetails()
    for _time in range(2):
        services.book_hold(hold_key=booked.hold_key, details=details, client=client, rules=query.rules, now=NOW)
    assert packages.count(package) == (1, 0, 4)


def test_a_booking_of_staff_reserves_a_session(query, client, package):
    services.book_for_client(StaffBooking(query, at(11)), client=client, staff=SABINE, now=NOW)
    assert packages.count(package) == (1, 0, 4)


@pytest.mark.parametrize("mark", [services.mark_done, services.mark_no_show])
def test_a_session_is_used_once_whoever_marks_the_appointment(booked, package, mark):
    mark(**use_fields(booked, now=at(11)))
    other = services.mark_done if mark is services.mark_no_show else services.mark_no_show
    other(**use_fields(booked, now=at(11)))
    assert services.use_past_sessions(now=at(12)) == 0
    assert packages.count(package) == (0, 1, 4)


def test_a_session_is_used_when_its_time_has_passed_without_a_mark(booked, package):
    assert services.use_past_sessions(now=at(11) - timedelta(seconds=1)) == 0
    assert services.use_past_sessions(now=at(11)) == 1
    assert services.use_past_sessions(now=at(11)) == 0
    services.mark_done(**use_fields(booked, now=at(12)))
    assert packages.list_states(package) == ["used"]


def test_a_used_session_is_returned_where_the_appointment_was_moved_to_a_later_day_and_cancelled(
    booked, query, package
):
    services.use_past_sessions(now=at(11))
    later = StaffBooking(query, at(9, days=1))
    services.reschedule_appointment(later, **use_fields(booked, now=at(12)))
    assert packages.count(package) == (1, 0, 4)
    services.cancel_appointment(**use_fields(booked, now=at(13)))
    assert packages.count(package) == (0, 0, 5)


def test_cancelling_in_time_returns_the_session(booked, client, package):
    services.cancel_own_appointment(appointment_id=booked.pk, client=client, rules=rows.RULES, now=NOW)
    with pytest.raises(AppointmentChanged):
        services.cancel_own_appointment(appointment_id=booked.pk, client=client, rules=rows.RULES, now=NOW)
    assert packages.count(package) == (0, 0, 5)


def test_who_is_too_late_to_cancel_uses_the_session(booked, client, package):
    late, rules = at(9, 59), SchedulingSettings(cancel_window=60)
    with pytest.raises(ChangeWindowClosed):
        services.cancel_own_appointment(appointment_id=booked.pk, client=client, rules=rules, now=late)
    services.use_past_sessions(now=at(11))
    assert packages.count(package) == (0, 1, 4)


def test_cancelling_by_staff_returns_the_session_at_any_time(booked, package):
    services.cancel_appointment(**use_fields(booked, now=at(10, 30)))
    assert packages.count(package) == (0, 0, 5)


def test_a_request_that_is_declined_or_expires_returns_its_session(query, client, package):
    by_hand = rows.build_query(query.service, rules=BY_HAND)
    declined, _expired = (rows.book(by_hand, at(hour), client=client) for hour in (12, 14))
    assert packages.count(package) == (2, 0, 3)
    services.decline_appointment(**use_fields(declined))
    services.expire_requests(now=at(14))
    assert packages.count(package) == (0, 0, 5)


def test_a_move_keeps_the_session(query, booked, client, package):
    services.reschedule_own_appointment(query, at(15), appointment_id=booked.pk, client=client, now=NOW)
    assert packages.list_states(package) == ["reserved"]


def test_the_package_that_ends_first_is_used_first(query, client, package):
    late = packages.give(client, query.service, expires_on=NEXT_DAY + timedelta(days=9))
    soon = packages.give(client, query.service, expires_on=NEXT_DAY, sessions=1)
    for hour in (9, 10):
        rows.book(query, at(hour), client=client)
    assert [packages.count(one)[0] for one in (soon, late, package)] == [1, 1, 0]


def test_a_package_is_valid_on_its_last_day_and_no_longer(query, client):
    package = packages.give(client, query.service, expires_on=MONDAY.date())
    rows.book(query, at(16), client=client)
    rows.book(query, at(9, days=1), client=client)
    assert packages.count(package) == (1, 0, 4)


def test_who_moves_past_the_end_takes_a_session_of_another_package(query, client, package):
    ending = packages.give(client, query.service, expires_on=MONDAY.date())
    booked = rows.book(query, at(16), client=client)
    services.reschedule_own_appointment(query, at(9, days=1), appointment_id=booked.pk, client=client, now=NOW)
    assert (packages.count(ending), packages.count(package)) == ((0, 0, 5), (1, 0, 4))


def test_staff_who_move_past_the_end_keep_the_session(query, client):
    package = packages.give(client, query.service, expires_on=MONDAY.date())
    booked = rows.book(query, at(16), client=client)
    services.reschedule_appointment(StaffBooking(query, at(9, days=1)), **use_fields(booked))
    assert packages.count(package) == (1, 0, 4)


def test_sessions_are_of_the_services_that_were_covered_when_the_package_was_given(query, client, package):
    other = rows.create_service(*query.service.calendars.all(), name="Yoga")
    services.change_session_package(package=package.package, service_ids=[other.pk], staff=SABINE, now=NOW, sessions=9)
    rows.book(rows.build_query(other), at(9), client=client)
    rows.book(query, at(11), client=client)
    assert packages.count(package) == (1, 0, 4)


@pytest.mark.parametrize("hour", [9, 12])
def test_a_booking_without_a_session_left_is_booked_all_the_same(query, client, hour):
    package = packages.give(client, query.service, sessions=1)
    rows.book(query, at(hour + 1), client=client)
    assert rows.book(query, at(hour), client=client).state == "confirmed"
    assert packages.count(package) == (1, 0, 0)


def test_nobody_uses_a_package_of_somebody_else_or_one_that_was_withdrawn(query, client, package):
    rows.book(query, at(9), client=ClientFactory())
    services.withdraw_client_package(client_package=package, staff=SABINE, now=NOW)
    rows.book(query, at(11), client=client)
    assert packages.count(package) == (0, 0, 5)


def test_who_types_a_client_s_address_uses_no_session_until_staff_say_whose_appointment_it_is(query, client, package):
    booked = rows.book(query, at(9), email=client.contacts.get().value)
    services.match_appointment(appointment_id=booked.pk, now=NOW)
    booked.refresh_from_db()
    assert booked.client == client
    assert packages.count(package) == (0, 0, 5)

    for _sharer in range(2):
        ClientFactory(email="shared@example.com")
    other = rows.book(query, at(11), email="shared@example.com")
    services.match_appointment(appointment_id=other.pk, now=NOW)
    services.assign_appointment(appointment_id=other.pk, client=client, staff=SABINE, now=NOW)
    assert packages.count(package) == (1, 0, 4)


def test_postgresql_refuses_more_sessions_than_there_are_and_two_for_one_appointment(booked, package):
    with pytest.raises(IntegrityError, match="client_package_sessions"), transaction.atomic():
        ClientPackage.objects.filter(pk=package.pk).update(sessions_used=5)
    fields = {"client_package": package, "client_id": package.client_id, "created_at": NOW, "updated_at": NOW}
    with pytest.raises(IntegrityError, match="package_session_once"), transaction.atomic():
        PackageSession.objects.create(appointment=booked, **fields)


def test_the_timeline_tells_what_became_of_a_session(booked, package):
    services.mark_done(**use_fields(booked, now=at(11)))
    entries = Entry.objects.filter(subject_id=package.pk)
    told = {(entry.event_type.removeprefix("scheduling."), entry.data.get("service", "")) for entry in entries}
    assert told == {("package-given", ""), ("session-reserved", "Massage"), ("session-used", "Massage")}


def test_a_package_that_is_valid_for_days_ends_that_many_days_later(query, client):
    package = packages.give(client, query.service, validity_days=30)
    assert package.expires_on == date(2027, 2, 3)
