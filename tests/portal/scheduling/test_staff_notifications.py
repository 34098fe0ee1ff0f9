"""Staff are notified of what clients do with appointments, and of nothing that staff do."""

import pytest

from portal.messaging.models import Message, Notification
from portal.messaging.notifications import services as notifications
from portal.scheduling import services
from portal.scheduling.models import SchedulingSettings
from portal.scheduling.services import StaffBooking
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.scheduling_rows import NOW, RULES, at

BY_HAND = SchedulingSettings(acceptance="by-hand")

pytestmark = pytest.mark.usefixtures("in_acme", "staff")


@pytest.fixture
def query():
    """A query for massages by Mona."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar)


def list_unread(staff) -> list[Notification]:
    """Return one person's unread notifications, by kind."""
    return list(Notification.objects.filter(person_id=staff.person_id, read_at=None).order_by("kind"))


def list_kinds(staff) -> list[str]:
    """Return the kinds of one person's unread notifications."""
    return [notification.kind for notification in list_unread(staff)]


def test_a_booking_a_request_a_move_and_a_cancellation_are_each_told(query, staff):
    client = ClientFactory(name="Ana Pereira")
    appointment = rows.book(query, at(10), client=client)
    assert list_kinds(staff) == ["appointment-booked"]
    (notification,) = list_unread(staff)
    assert notification.subject == "Ana Pereira · Massage · 11 January 2027, 10:00 (Europe/Berlin)"
    assert notification.path == f"calendar/appointments/{appointment.pk}/"

    fields = {"appointment_id": appointment.pk, "client": client, "now": NOW}
    services.reschedule_own_appointment(query, at(11), **fields)
    services.cancel_own_appointment(rules=RULES, **fields)
    # Both changes of one appointment are one notification until it is read.
    assert list_kinds(staff) == ["appointment-booked", "appointment-changed"]


def test_what_staff_do_is_told_nobody_and_ends_what_was_told(query, staff):
    appointment = rows.book(rows.build_query(query.service, rules=BY_HAND), at(10))
    assert list_kinds(staff) == ["appointment-request"]
    services.confirm_appointment(appointment_id=appointment.pk, staff=staff, now=NOW)
    services.book_for_client(StaffBooking(query, at(12)), client=ClientFactory(), staff=staff, now=NOW)
    assert list_kinds(staff) == []


def test_the_mail_about_a_request_is_dropped_once_it_is_answered(query, staff):
    appointment = rows.book(rows.build_query(query.service, rules=BY_HAND), at(10))
    message = Message.objects.get(kind="staff-notification", subject_id=list_unread(staff)[0].pk)
    assert notifications.build_mail_context(message, now=NOW)
    services.confirm_appointment(appointment_id=appointment.pk, now=NOW)
    assert notifications.build_mail_context(message, now=NOW) is None


def test_a_long_name_leaves_room_for_service_and_time(query, staff):
    rows.book(query, at(10), name="A" * 160)
    assert list_unread(staff)[0].subject.endswith("· Massage · 11 January 2027, 10:00 (Europe/Berlin)")
