"""Record what becomes of a series and tell its client once, in the transaction of the change."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.messaging import services as messaging
from portal.scheduling.kinds import SchedulingEvent, SeriesMessageKind
from portal.scheduling.models import Appointment, AppointmentSeries, WaitingListEntry
from portal.scheduling.services.notices import find_recipients
from portal.scheduling.services.package_sessions import has_usable_package, reserve_session
from portal.scheduling.services.reminders import plan_reminders
from portal.scheduling.services.waiting_list.bookings import end_waiting
from tenants.staff.staff_actor import StaffActor

MESSAGE_BY_EVENT = {
    SchedulingEvent.SERIES_BOOKED: SeriesMessageKind.CONFIRMED,
    SchedulingEvent.SERIES_RESCHEDULED: SeriesMessageKind.MOVED,
    SchedulingEvent.SERIES_CANCELLED: SeriesMessageKind.CANCELLED,
}


def record_series_booked(
    series: AppointmentSeries, appointments: Sequence[Appointment], *, staff: StaffActor, now: datetime
) -> None:
    """Record each appointment that was booked, reserve sessions of packages, and plan reminders."""
    entries = [
        activity.build_entry(
            SchedulingEvent.APPOINTMENT_CONFIRMED,
            client_id=series.client_id,
            subject_id=appointment.pk,
            at=now,
            service=series.service.name,
            starts_at=appointment.starts_at.isoformat(),
            **activity.get_actor_fields(staff),
        )
        for appointment in appointments
    ]
    Entry.objects.bulk_create(entries)
    if has_usable_package(series.client_id, series.service_id):
        for appointment in appointments:
            reserve_session(appointment, now=now)
    if WaitingListEntry.objects.on_list().filter(client=series.client_id, service=series.service_id).exists():
        for appointment in appointments:
            end_waiting(appointment, now=now)
    plan_reminders(*appointments, now=now)
    record_series_event(SchedulingEvent.SERIES_BOOKED, series, appointments, staff=staff, now=now)


def record_series_event(
    event_type: SchedulingEvent,
    series: AppointmentSeries,
    appointments: Sequence[Appointment],
    *,
    staff: StaffActor | None,
    now: datetime,
) -> None:
    """Record what happened to several appointments of a series, by staff or else by the client, and tell the client."""
    activity.record_event(
        event_type,
        client_id=series.client_id,
        subject_id=series.pk,
        at=now,
        service=series.service.name,
        starts_at=appointments[0].starts_at.isoformat(),
        number=len(appointments),
        **activity.get_actor_fields(staff),
    )
    _enqueue_message(MESSAGE_BY_EVENT[event_type], series, appointments, is_by_client=staff is None, now=now)


def _enqueue_message(
    kind: SeriesMessageKind,
    series: AppointmentSeries,
    appointments: Sequence[Appointment],
    *,
    is_by_client: bool,
    now: datetime,
) -> None:
    """Tell the client of these appointments, of which the message names the versions that it is about."""
    first = appointments[0]
    recipient = find_recipients([first]).get(first.pk)
    if recipient is None:
        return
    versions = {str(appointment.pk): appointment.version for appointment in appointments}
    message = messaging.build_message(
        kind,
        channel=recipient.channel,
        to=recipient.to,
        client=series.client,
        language=series.client.language,
        subject_id=series.pk,
        data={"versions": versions, "is_by_client": is_by_client},
        now=now,
    )
    messaging.enqueue_notices([message], deadline=now + settings.NOTIFICATION_LIFETIME, now=now)
