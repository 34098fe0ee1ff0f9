"""Which reminders and follow-ups an appointment has, by the business's rules."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.scheduling.models import (
    Appointment,
    AppointmentReminder,
    AppointmentState,
    ReminderKind,
    SchedulingSettings,
)

FOLLOW_UP_DELAY = timedelta(days=1)
ROWS_PER_STATEMENT = 500
# The states of an appointment that takes place.
OCCURRING_STATES = (AppointmentState.CONFIRMED, AppointmentState.DONE)


def build_reminders(
    appointment: Appointment, rules: SchedulingSettings, *, now: datetime
) -> Iterator[AppointmentReminder]:
    """Yield the reminders that an appointment has and that are still to come."""
    if appointment.state not in OCCURRING_STATES or (appointment.client and appointment.client.is_demo):
        return
    due = [
        (ReminderKind.REMINDER, minutes, appointment.starts_at - timedelta(minutes=minutes))
        for minutes in sorted(set(rules.reminders))
    ]
    if rules.has_follow_up:
        minutes = FOLLOW_UP_DELAY // timedelta(minutes=1)
        due.append((ReminderKind.FOLLOW_UP, minutes, appointment.ends_at + FOLLOW_UP_DELAY))
    for kind, minutes, due_at in due:
        if due_at > now:
            yield AppointmentReminder(
                appointment=appointment, kind=kind, minutes=minutes, version=appointment.version, due_at=due_at
            )


def replan_all_reminders(rules: SchedulingSettings, *, now: datetime) -> None:
    """Plan the reminders of all confirmed appointments anew after their rules have changed.

    What was handed over before stays so.
    """
    AppointmentReminder.objects.waiting().delete()
    recent = Appointment.objects.exclude_demo().filter(ends_at__gt=now - FOLLOW_UP_DELAY).select_related("client")
    rows = [row for appointment in recent for row in build_reminders(appointment, rules, now=now)]
    AppointmentReminder.objects.bulk_create(rows, batch_size=ROWS_PER_STATEMENT, ignore_conflicts=True)
