"""Reminders arrive once, at their time, and only while what they say is true."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.messaging.models import Message
from portal.scheduling import services
from portal.scheduling.models import Acceptance, Appointment, AppointmentReminder, SchedulingSettings
from portal.scheduling.purges import purge_reminders
from portal.scheduling.services import reminders
from tenants.models import Delivery, DeliveryState
from tests.factories import ClientFactory
from tests.portal.scheduling import scheduling_rows as rows
from tests.portal.scheduling.notice_steps import deliver_at
from tests.portal.scheduling.scheduling_rows import NOW, at

pytestmark = pytest.mark.usefixtures("in_acme", "outbox")

ANA = "ana@example.com"
DAY, SOON = timedelta(days=1), timedelta(minutes=1)
BY_HAND = SchedulingSettings(acceptance=Acceptance.BY_HAND)


@pytest.fixture
def query():
    """The times of one service."""
    calendar = rows.create_calendar()
    return rows.build_query(rows.create_service(calendar), calendar, days=14)


@pytest.fixture
def ana():
    """A client with an email address."""
    return ClientFactory(name="Ana Pereira", email=ANA)


def list_due() -> list[datetime]:
    """Return when the reminders that wait are due."""
    return list(AppointmentReminder.objects.waiting().order_by("due_at").values_list("due_at", flat=True))


def list_reminders(*times: datetime) -> list[str]:
    """Let the job run and mails be delivered at these times; return the subjects of all reminders sent so far."""
    for now in times:
        services.enqueue_due_reminders(now=now - timedelta(minutes=10))
        mails = deliver_at(now)
    return [mail["subject"] for mail in mails if mail["subject"].startswith("Reminder")]


def move(query, appointment, starts_at, *, staff, now=NOW):
    """Move an appointment, as staff do."""
    booking = services.StaffBooking(query=query, starts_at=starts_at)
    return services.reschedule_appointment(booking, appointment_id=appointment.pk, staff=staff, now=now)


def test_reminders_are_planned_a_day_and_two_hours_before(query, ana):
    rows.book(query, at(10), client=ana)
    assert list_due() == [at(10) - DAY, at(8)]


def test_a_reminder_leaves_at_its_time_and_not_before(query, ana):
    rows.book(query, at(10), client=ana)
    assert list_reminders(at(10) - DAY - SOON) == []
    assert list_reminders(at(10) - DAY) == [
        "Reminder: Massage at Acme Physiotherapy on 11 January 2027, 10:00 (Europe/Berlin)"
    ]
    assert len(list_reminders(at(8), at(9))) == 2


def test_none_is_planned_for_a_booking_made_after_its_time(query, ana):
    rows.book(query, at(10), client=ana, now=at(10) - timedelta(hours=20))
    assert list_due() == [at(8)]


def test_a_booking_shortly_before_its_reminder_needs_no_job(query, ana):
    rows.book(query, at(10), client=ana, now=at(7, 50))
    assert sorted(mail["subject"].split(":")[0] for mail in deliver_at(at(8))) == ["Confirmed", "Reminder"]
    assert list_due() == []


def test_a_request_has_no_reminder_until_it_is_confirmed(query, ana, staff):
    requested = rows.book(rows.build_query(query.service, rules=BY_HAND), at(10), client=ana)
    assert list_due() == []
    services.confirm_appointment(appointment_id=requested.pk, staff=staff, now=NOW)
    assert list_due() == [at(10) - DAY, at(8)]


@pytest.mark.parametrize("is_by_client", [True, False])
@pytest.mark.parametrize("is_enqueued", [True, False])
def test_nobody_is_reminded_of_a_cancelled_appointment(query, ana, staff, is_by_client, is_enqueued):
    booked = rows.book(query, at(10), client=ana)
    deliver_at(NOW + SOON)
    if is_enqueued:
        services.enqueue_due_reminders(now=at(10) - DAY - 10 * SOON)
    fields = {"appointment_id": booked.pk, "now": at(10) - DAY - 5 * SOON}
    if is_by_client:
        services.cancel_own_appointment(client=ana, rules=query.rules, **fields)
    else:
        services.cancel_appointment(staff=staff, **fields)
    assert list_due() == []
    assert list_reminders(at(10) - DAY, at(8)) == []


def test_an_appointment_of_a_withdrawn_service_stays_and_so_does_its_reminder(query, ana, staff):
    booked = rows.book(query, at(10), client=ana)
    services.archive_service(service=query.service, staff=staff, now=NOW)
    assert len(list_reminders(at(10) - DAY)) == 1
    services.cancel_appointment(appointment_id=booked.pk, staff=staff, now=at(7))
    assert len(list_reminders(at(8))) == 1


def test_an_appointment_that_is_gone_is_not_reminded_of(query, ana):
    rows.book(query, at(10), client=ana)
    services.enqueue_due_reminders(now=at(10) - DAY - 10 * SOON)
    Appointment.objects.all().delete()
    assert not AppointmentReminder.objects.exists()
    assert list_reminders(at(10) - DAY, at(8)) == []


def test_moved_to_next_week_and_back_it_has_one_reminder_for_the_time_that_holds(query, ana, staff):
    booked = rows.book(query, at(10), client=ana)
    begun = at(10) - DAY - 10 * SOON
    services.enqueue_due_reminders(now=begun)
    move(query, booked, at(10, days=7), staff=staff, now=begun + SOON)
    assert list_due() == [at(10, days=6), at(8, days=7)]
    move(query, booked, at(10), staff=staff, now=begun + 2 * SOON)
    sent = list_reminders(at(10) - DAY)
    assert sent == ["Reminder: Massage at Acme Physiotherapy on 11 January 2027, 10:00 (Europe/Berlin)"]
    assert len(list_reminders(at(8), at(10, days=6), at(8, days=7))) == 2


def test_a_moved_appointment_is_not_reminded_of_at_its_old_time(query, ana, staff):
    booked = rows.book(query, at(10), client=ana)
    services.enqueue_due_reminders(now=at(8) - 10 * SOON)
    move(query, booked, at(10, days=7), staff=staff, now=at(8) - 5 * SOON)
    deliver_at(at(8) - 4 * SOON)
    assert list_reminders(at(8)) == []
    assert len(list_reminders(at(10, days=6))) == 1


def test_the_job_run_twice_sends_nothing_twice(query, ana):
    rows.book(query, at(10), client=ana)
    for _time in range(3):
        services.enqueue_due_reminders(now=at(8) - 10 * SOON)
    assert Message.objects.filter(kind="booking-reminder").count() == 1
    assert len(list_reminders(at(8), at(8) + SOON)) == 1


def test_a_job_that_is_killed_between_its_steps_loses_nothing_and_sends_nothing_twice(query, ana, monkeypatch):
    rows.book(query, at(10), client=ana)
    with monkeypatch.context() as patch:
        patch.setattr(reminders, "_enqueue_messages", enqueue_and_die)
        with pytest.raises(KeyboardInterrupt):
            services.enqueue_due_reminders(now=at(10) - DAY - 10 * SOON)
    assert not Message.objects.filter(kind="booking-reminder").exists()
    assert len(list_reminders(at(10) - DAY, at(10) - DAY + SOON)) == 1


def enqueue_and_die(*args, enqueue=reminders._enqueue_messages, **options):
    """Write the messages, and be killed before the rows are marked."""
    enqueue(*args, **options)
    raise KeyboardInterrupt


def test_after_an_outage_only_the_last_reminder_is_sent_and_none_after_the_start(query, ana):
    rows.book(query, at(10), client=ana)
    deliver_at(NOW + SOON)
    services.enqueue_due_reminders(now=at(9))
    assert list_due() == []
    assert Message.objects.filter(kind="booking-reminder").count() == 1
    assert Delivery.objects.order_by("-created_at").first().deadline_at == at(10)
    deliver_at(at(10))
    assert Message.objects.get(kind="booking-reminder").state == DeliveryState.EXPIRED


def test_of_many_late_reminders_one_is_sent_for_each_appointment(query, ana, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH_SIZE", 2)
    for hour in (9, 10, 11, 12):
        rows.book(query, at(hour), client=ana)
    services.enqueue_due_reminders(now=at(8, 50))
    assert Message.objects.filter(kind="booking-reminder").count() == 4
    assert list_due() == [at(10)]


def test_reminders_that_are_due_at_once_leave_one_after_the_other_and_none_late(query, ana, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH_SIZE", 2)
    calendars = [rows.create_calendar(f"Mona {number}") for number in range(3)]
    for calendar in calendars:
        rows.book(rows.build_query(rows.create_service(calendar), calendar), at(10), client=ana)
    services.enqueue_due_reminders(now=at(10) - DAY - 10 * SOON)
    due = Delivery.objects.filter(due_at__gt=NOW).order_by("due_at").values_list("due_at", flat=True)
    assert list(due) == [at(10) - DAY - number * reminders.SPACING for number in (2, 1, 0)]


def test_no_reminder_is_made_once_the_appointment_has_begun(query, ana):
    rows.book(query, at(10), client=ana)
    services.enqueue_due_reminders(now=at(10))
    assert not Message.objects.filter(kind="booking-reminder").exists()


def test_a_follow_up_is_sent_a_day_after_the_end_unless_the_client_did_not_come(query, ana, acme, staff):
    services.change_scheduling_settings(business=acme, staff=staff, has_follow_up=True, reminders=[], now=NOW)
    came, missed = (rows.book(query, at(hour), client=ana) for hour in (10, 14))
    deliver_at(NOW + SOON)
    services.mark_done(appointment_id=came.pk, staff=staff, now=at(11))
    services.mark_no_show(appointment_id=missed.pk, staff=staff, now=at(15))
    assert list_due() == [at(11, days=1), at(15, days=1)]
    for hour in (11, 15):
        services.enqueue_due_reminders(now=at(hour, days=1))
    mails = [mail["subject"] for mail in deliver_at(at(15, days=1) + SOON)]
    assert mails[2:] == ["Your appointment at Acme Physiotherapy"]


def test_changed_rules_hold_for_appointments_that_are_confirmed_already(query, ana, acme, staff):
    rows.book(query, at(10), client=ana)
    services.change_scheduling_settings(business=acme, staff=staff, reminders=[60], now=NOW)
    assert list_due() == [at(9)]
    services.change_scheduling_settings(business=acme, staff=staff, reminders=[], now=NOW)
    assert list_due() == []


@pytest.mark.parametrize(("hour_of_utc", "clock"), [(0, "CEST"), (1, "CET")])
def test_a_reminder_knows_which_of_two_equal_hours_it_is_about(query, ana, staff, hour_of_utc, clock):
    """On 31 October 2027 Berlin's clocks show 02:30 twice, first in summer time."""
    starts_at = datetime(2027, 10, 31, hour_of_utc, 30, tzinfo=UTC)
    booking = services.StaffBooking(query=query, starts_at=starts_at, ignores_warnings=True)
    services.book_for_client(booking, client=ana, staff=staff, now=starts_at - 3 * DAY)
    assert list_due() == [starts_at - DAY, starts_at - timedelta(hours=2)]
    [subject] = list_reminders(starts_at - timedelta(hours=2))
    assert subject == f"Reminder: Massage at Acme Physiotherapy on 31 October 2027, 02:30 (Europe/Berlin, {clock})"


def test_old_reminders_are_deleted_and_those_that_wait_are_kept(query, ana):
    rows.book(query, at(10), client=ana)
    services.enqueue_due_reminders(now=at(10) - DAY)
    assert purge_reminders(at(10) + 29 * DAY, 10) == 0
    assert purge_reminders(at(10) + 30 * DAY, 10) == 1
    assert list_due() == [at(8)]


def test_a_seat_that_a_merge_of_two_cards_freed_is_not_reminded_of(query, ana):
    rows.book(query, at(10), client=ana)
    services.enqueue_due_reminders(now=at(8) - 10 * SOON)
    Appointment.objects.update(state="cancelled")
    assert list_reminders(at(8)) == []
