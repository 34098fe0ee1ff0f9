"""Requests are answered, appointments moved, cancelled and marked, each by those who may and while they may."""

from datetime import timedelta

import pytest

from portal.activity.models import Entry
from portal.scheduling import services
from portal.scheduling.models import Acceptance, Appointment, CalendarEntry, SchedulingSettings, Service
from portal.scheduling.services import AppointmentChanged, ChangeWindowClosed, SlotUnavailable
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")

BY_HAND = SchedulingSettings(acceptance=Acceptance.BY_HAND)
NEW_CLIENTS = SchedulingSettings(acceptance=Acceptance.NEW_CLIENTS)


@pytest.fixture
def calendar():
    """The calendar of somebody who works from nine to five."""
    return rows.create_calendar()


@pytest.fixture
def query(calendar):
    """The times of one service in that calendar."""
    return rows.build_query(rows.create_service(calendar), calendar)


@pytest.fixture
def request_query(query):
    """The same times at a business that answers every request by hand."""
    return rows.build_query(query.service, rules=BY_HAND)


def list_event_types() -> list[str]:
    """Return the types of events on the timeline about appointments."""
    events = Entry.objects.filter(event_type__startswith="scheduling.appointment").order_by("at", "id")
    return [event.event_type.removeprefix("scheduling.appointment-") for event in events]


def test_a_request_keeps_its_time_and_is_confirmed_once(request_query, staff):
    requested = rows.book(request_query, at(10))
    assert requested.state == "requested"
    assert at(10) not in rows.list_starts(request_query)
    confirmed = services.confirm_appointment(appointment_id=requested.pk, staff=staff, now=NOW)
    assert confirmed.state == "confirmed"
    with pytest.raises(AppointmentChanged):
        services.confirm_appointment(appointment_id=requested.pk, staff=staff, now=NOW)
    assert sorted(list_event_types()) == ["confirmed", "requested"]


def test_a_declined_request_frees_its_time_and_names_another(request_query, staff):
    requested = rows.book(request_query, at(10))
    declined = services.decline_appointment(
        appointment_id=requested.pk, staff=staff, reason="Away", proposed_starts_at=at(11), now=NOW
    )
    assert (declined.state, declined.proposed_starts_at) == ("declined", at(11))
    assert at(10) in rows.list_starts(request_query)


def test_requests_expire_when_their_time_comes(request_query):
    rows.book(request_query, at(10))
    assert services.expire_requests(now=at(10) - timedelta(seconds=1)) == 0
    assert services.expire_requests(now=at(10)) == 1
    assert services.expire_requests(now=at(10)) == 0
    assert Appointment.objects.get().state == "expired"
    assert not CalendarEntry.objects.filter(is_active=True).exists()


def test_known_clients_are_confirmed_at_once_and_strangers_asked_about(query):
    at_new = rows.build_query(query.service, rules=NEW_CLIENTS)
    assert rows.book(at_new, at(10), client=ClientFactory()).state == "confirmed"
    assert rows.book(at_new, at(12)).state == "requested"


def test_a_client_moves_an_appointment_within_the_window(query):
    client = ClientFactory()
    booked = rows.book(query, at(10), client=client)
    fields = {"appointment_id": booked.pk, "client": client}
    moved = services.reschedule_own_appointment(query, at(10, 30), **fields, now=at(10) - timedelta(days=1))
    assert (moved.starts_at, moved.version, moved.state) == (at(10, 30), 1, "confirmed")
    assert CalendarEntry.objects.get().starts_at == at(10, 30)
    with pytest.raises(ChangeWindowClosed):
        services.reschedule_own_appointment(query, at(14), **fields, now=at(10, 31) - timedelta(days=1))


@pytest.mark.parametrize(
    ("service_change", "rules_change"),
    [({"archived_at": NOW}, {}), ({"visibility": "staff"}, {}), ({}, {"is_on": False})],
)
def test_a_client_chooses_no_new_time_of_what_clients_can_t_book(query, service_change, rules_change):
    client = ClientFactory()
    booked = rows.book(query, at(10), client=client)
    Service.objects.update(**service_change)
    changed = rows.build_query(query.service, rules=SchedulingSettings(**rules_change))
    with pytest.raises(ChangeWindowClosed):
        services.reschedule_own_appointment(changed, at(14), appointment_id=booked.pk, client=client, now=NOW)
    assert Appointment.objects.get().starts_at == at(10)


def test_moving_to_the_same_time_again_changes_nothing(query):
    client = ClientFactory()
    booked = rows.book(query, at(10), client=client)
    again = services.reschedule_own_appointment(query, at(10), appointment_id=booked.pk, client=client, now=NOW)
    assert again.version == 0


def test_a_moved_appointment_is_a_request_again_where_staff_want_to_be_asked(request_query, staff):
    client = ClientFactory()
    booked = rows.book(request_query, at(10), client=client)
    services.confirm_appointment(appointment_id=booked.pk, staff=staff, now=NOW)
    moved = services.reschedule_own_appointment(request_query, at(11), appointment_id=booked.pk, client=client, now=NOW)
    assert moved.state == "requested"


def test_nobody_moves_to_a_time_that_is_not_offered(query):
    client = ClientFactory()
    booked = rows.book(query, at(10), client=client)
    rows.book(query, at(12))
    for wanted in (at(12), at(12, 30), at(18), at(8), at(10, days=200), NOW - timedelta(days=1)):
        with pytest.raises(SlotUnavailable):
            services.reschedule_own_appointment(query, wanted, appointment_id=booked.pk, client=client, now=NOW)
    assert Appointment.objects.get(pk=booked.pk).starts_at == at(10)


def test_a_client_cancels_within_the_window_and_no_other_client_does(query):
    client = ClientFactory()
    booked = rows.book(query, at(10), client=client)
    fields = {"appointment_id": booked.pk, "rules": query.rules}
    with pytest.raises(Appointment.DoesNotExist):
        services.cancel_own_appointment(client=ClientFactory(), **fields, now=NOW)
    with pytest.raises(ChangeWindowClosed):
        services.cancel_own_appointment(client=client, **fields, now=at(10, 1) - timedelta(days=1))
    cancelled = services.cancel_own_appointment(client=client, **fields, now=at(10) - timedelta(days=1))
    assert (cancelled.state, cancelled.version) == ("cancelled", 1)
    assert at(10) in rows.list_starts(query)
    with pytest.raises(AppointmentChanged):
        services.cancel_own_appointment(client=client, **fields, now=NOW)


def test_staff_cancel_until_the_end_and_not_after_it(query, staff):
    booked = rows.book(query, at(10))
    with pytest.raises(AppointmentChanged):
        services.cancel_appointment(appointment_id=booked.pk, staff=staff, now=at(11))
    cancelled = services.cancel_appointment(appointment_id=booked.pk, staff=staff, now=at(10, 59))
    assert cancelled.state == "cancelled"


def test_attendance_is_marked_from_the_start_and_can_be_corrected(query, staff):
    booked = rows.book(query, at(10))
    fields = {"appointment_id": booked.pk, "staff": staff}
    with pytest.raises(AppointmentChanged):
        services.mark_no_show(**fields, now=at(9, 59))
    assert services.mark_no_show(**fields, now=at(10)).state == "no-show"
    assert services.mark_done(**fields, now=at(11)).state == "done"
    with pytest.raises(AppointmentChanged):
        services.mark_done(**fields, now=at(11))
