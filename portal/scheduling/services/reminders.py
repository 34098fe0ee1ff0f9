"""Reminders and follow-ups: planned when appointments are confirmed or moved, enqueued before they are due.

Each row becomes one message at most: rows are locked, turned into messages and marked in one transaction. Whether a
message is still true is asked again when it leaves.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from portal.messaging import services as messaging
from portal.messaging.models import Message
from portal.scheduling.kinds import AppointmentMessageKind
from portal.scheduling.models import Appointment, AppointmentReminder, AppointmentState, ReminderKind
from portal.scheduling.models.appointment_reminder import AppointmentReminderQuerySet
from portal.scheduling.services.notices import MAIL_ONLY_KINDS, Recipient, build_appointment_message, find_recipients
from portal.scheduling.services.reminder_planning import OCCURRING_STATES, build_reminders
from portal.scheduling.services.scheduling_settings import get_scheduling_settings
from tenants.context import get_current_business
from tenants.models import Channel, Delivery, Queue

# The outbox has a reminder this long before it is due. The job that hands them over runs more often.
ENQUEUE_LEAD = timedelta(minutes=15)
BATCH_SIZE = 500
# Thousands that are due at once leave one after the other in the minutes before, so that none is late.
SPACING, MAX_ADVANCE = timedelta(milliseconds=50), timedelta(minutes=5)

KIND_BY_REMINDER = {
    ReminderKind.REMINDER: AppointmentMessageKind.REMINDER,
    ReminderKind.FOLLOW_UP: AppointmentMessageKind.FOLLOW_UP,
}


def plan_reminders(*appointments: Appointment, now: datetime) -> None:
    """Plan the reminders of appointments that were just changed, and drop those that no longer hold.

    None is planned for a time that has passed. Attendance changes nothing: it is asked about when they are sent.
    """
    marks = (AppointmentState.DONE, AppointmentState.NO_SHOW)
    changed = [appointment for appointment in appointments if appointment.state not in marks]
    if not changed:
        return
    reminders = AppointmentReminder.objects.filter(appointment__in=changed)
    reminders.waiting().delete()
    business = get_current_business()
    assert business, "appointments belong to a business"
    rules = get_scheduling_settings(business)
    rows = [row for appointment in changed for row in build_reminders(appointment, rules, now=now)]
    AppointmentReminder.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.due_at <= now + ENQUEUE_LEAD for row in rows):
        _enqueue_batch(reminders, now=now)


def enqueue_due_reminders(*, now: datetime) -> None:
    """Hand the reminders that are due soon to the outbox. Safe to repeat, and to run twice at once."""
    rows, position = AppointmentReminder.objects.all(), 0
    while (processed := _enqueue_batch(rows, position=position, now=now)) == BATCH_SIZE:
        position += processed


@transaction.atomic
def _enqueue_batch(rows: AppointmentReminderQuerySet, *, position: int = 0, now: datetime) -> int:
    """Turn a batch of rows that are due soon into messages; return how many rows were processed.

    `position` counts the rows that this run has processed before.
    """
    soon = rows.waiting().exclude_demo().filter(due_at__lte=now + ENQUEUE_LEAD)
    locked = soon.select_for_update(of=["self"], no_key=True, skip_locked=True)
    related = locked.select_related("appointment__client", "appointment__service")
    batch = list(related.order_by("due_at", "pk")[:BATCH_SIZE])
    latest = _find_latest_due(soon, batch)
    # A reminder that is late says nothing if a later one of the same appointment leaves with it.
    wanted = [row for row in batch if row.due_at > now or row.due_at == latest[row.appointment_id]]
    _enqueue_messages([row for row in wanted if _is_true(row, now=now)], position=position, now=now)
    AppointmentReminder.objects.filter(pk__in=[row.pk for row in batch]).update(handled_at=now)
    return len(batch)


def _find_latest_due(soon: AppointmentReminderQuerySet, batch: Sequence[AppointmentReminder]) -> dict[UUID, datetime]:
    """Return when the last reminder that is due soon is due, by appointments."""
    of_batch = soon.filter(appointment__in=[row.appointment_id for row in batch]).order_by()
    return dict(of_batch.values_list("appointment_id").annotate(latest=Max("due_at")))


def _is_true(row: AppointmentReminder, *, now: datetime) -> bool:
    """Return whether an appointment still takes place as it did when its reminder was planned."""
    appointment = row.appointment
    if row.kind == ReminderKind.REMINDER and (appointment.starts_at <= now or appointment.version != row.version):
        return False
    return appointment.state in OCCURRING_STATES


def _enqueue_messages(rows: Sequence[AppointmentReminder], *, position: int, now: datetime) -> None:
    recipients = find_recipients(row.appointment for row in rows)
    pairs = [
        _build_message(row, recipients[row.appointment_id], advance=number * SPACING, now=now)
        for number, row in enumerate(rows, start=position)
        if row.appointment_id in recipients and _may_reach(row, recipients[row.appointment_id])
    ]
    Message.objects.bulk_create(message for message, _delivery in pairs)
    Delivery.objects.bulk_create(delivery for _message, delivery in pairs)


def _may_reach(row: AppointmentReminder, recipient: Recipient) -> bool:
    return recipient.channel == Channel.EMAIL or KIND_BY_REMINDER[ReminderKind(row.kind)] not in MAIL_ONLY_KINDS


def _build_message(
    row: AppointmentReminder, recipient: Recipient, *, advance: timedelta, now: datetime
) -> tuple[Message, Delivery]:
    """Return a reminder's message and its delivery, so much before it is due and never once the appointment begins."""
    appointment, kind = row.appointment, ReminderKind(row.kind)
    data = {"version": row.version, "ends_at": appointment.ends_at.isoformat()}
    message = build_appointment_message(KIND_BY_REMINDER[kind], appointment, recipient, now=now, **data)
    is_reminder = kind == ReminderKind.REMINDER
    deadline = appointment.starts_at if is_reminder else row.due_at + settings.NOTIFICATION_LIFETIME
    due_at = max(row.due_at - min(advance, MAX_ADVANCE), now)
    return message, messaging.build_delivery(message, queue=Queue.NOTICES, due_at=due_at, deadline=deadline, now=now)
