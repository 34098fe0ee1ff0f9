"""Several clients share one time of a group service, each with a seat of their own."""

import pytest

from portal.scheduling import services
from portal.scheduling.models import Appointment, CalendarEntry
from portal.scheduling.personal_data import POLICIES
from portal.scheduling.services import SlotUnavailable
from tenants.nouns.personal_data_policies import PersonIdentity
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def query():
    """The times of a class of three seats."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar, capacity=3), calendar)


def get_seats_left(query, starts_at) -> int:
    """Return how many seats are offered at a start."""
    return next((slot.seats_left for slot in services.list_slots(query, now=NOW) if slot.starts_at == starts_at), 0)


def test_seats_of_one_time_are_taken_one_by_one(query):
    assert get_seats_left(query, at(10)) == 3
    for left in (2, 1, 0):
        rows.book(query, at(10))
        assert get_seats_left(query, at(10)) == left
    assert CalendarEntry.objects.get().seats_taken == 3
    with pytest.raises(SlotUnavailable):
        rows.hold(query, at(10))


def test_a_class_that_has_begun_to_fill_keeps_other_times_from_overlapping(query):
    rows.book(query, at(10))
    starts = rows.list_starts(query)
    assert at(10) in starts
    assert at(10, 15) not in starts
    assert at(11) in starts


def test_one_who_cancels_frees_their_own_seat_only(query):
    clients = [ClientFactory(), ClientFactory()]
    booked = [rows.book(query, at(10), client=client) for client in clients]
    services.cancel_own_appointment(appointment_id=booked[0].pk, client=clients[0], rules=query.rules, now=NOW)
    assert get_seats_left(query, at(10)) == 2
    assert Appointment.objects.get(pk=booked[1].pk).state == "confirmed"
    services.cancel_own_appointment(appointment_id=booked[1].pk, client=clients[1], rules=query.rules, now=NOW)
    assert not CalendarEntry.objects.get().is_active
    assert at(10, 15) in rows.list_starts(query)


def test_one_who_moves_leaves_the_others_where_they_are(query):
    clients = [ClientFactory(), ClientFactory()]
    booked = [rows.book(query, at(10), client=client) for client in clients]
    fields = {"appointment_id": booked[0].pk, "client": clients[0]}
    moved = services.reschedule_own_appointment(query, at(14), **fields, now=NOW)
    assert (moved.starts_at, moved.entry.seats_taken) == (at(14), 1)
    stayed = Appointment.objects.select_related("entry").get(pk=booked[1].pk)
    assert (stayed.starts_at, stayed.entry.seats_taken) == (at(10), 1)


def test_merged_clients_have_one_seat_and_the_other_is_free(query):
    clients = [ClientFactory(), ClientFactory()]
    for client in clients:
        rows.book(query, at(10), client=client)
    POLICIES[0].merge_client_rows(survivor_id=clients[0].pk, duplicate_id=clients[1].pk, now=NOW)
    assert get_seats_left(query, at(10)) == 2
    assert Appointment.objects.filter(client=clients[0], state="confirmed").count() == 1


def test_an_erased_client_leaves_no_seat_behind(query):
    client = ClientFactory()
    rows.book(query, at(10), client=client)
    assert POLICIES[0].erase_person_rows(PersonIdentity(client_ids=(client.pk,)), now=NOW) == 1
    assert get_seats_left(query, at(10)) == 3
    assert not Appointment.objects.exists()
