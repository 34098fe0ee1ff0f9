"""Cancel and move several appointments of a series in one change, of which its client is told once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.scheduling.kinds import SchedulingEvent
from portal.scheduling.models import Appointment, AppointmentQuerySet, AppointmentSeries
from portal.scheduling.services.answers import AppointmentChanged
from portal.scheduling.services.appointment_locks import lock_client
from portal.scheduling.services.calendar_entries import lock_calendars
from portal.scheduling.services.cancellation import cancel_locked_appointment
from portal.scheduling.services.seat_booking import lock_candidates
from portal.scheduling.services.series.series_events import record_series_event
from portal.scheduling.services.slots import SlotQuery
from tenants.staff.staff_actor import StaffActor


class ChangeScope(models.TextChoices):
    """Which appointments of a series a change is about."""

    THIS = "this", _("Only this appointment")
    FOLLOWING = "following", _("This and the following appointments")
    ALL = "all", _("All appointments of the series that are still to come")


def query_series_appointments(appointment: Appointment, scope: ChangeScope, *, now: datetime) -> AppointmentQuerySet:
    """Return the coming appointments of a series that a change of one of them is about, in their order."""
    coming = Appointment.objects.coming(now).filter(series=appointment.series_id)
    if scope == ChangeScope.THIS:
        coming = coming.filter(pk=appointment.pk)
    elif scope == ChangeScope.FOLLOWING:
        coming = coming.filter(series_position__gte=appointment.series_position)
    return coming.order_by("series_position")


@transaction.atomic
def cancel_series_appointments(
    *, appointment: Appointment, scope: ChangeScope, staff: StaffActor, reason: str = "", now: datetime
) -> list[Appointment]:
    """Cancel the appointments of a series that are still to come, on behalf of the business, and free their times.

    Returns them. Raises AppointmentChanged where none is left.
    """
    appointments = lock_series_appointments(appointment, scope, now=now)
    for each in sorted(appointments, key=lambda each: each.entry_id):
        cancel_locked_appointment(each, staff=staff, reason=reason, is_told=False, now=now)
    series = get_series(appointment)
    record_series_event(SchedulingEvent.SERIES_CANCELLED, series, appointments, staff=staff, now=now)
    return appointments


def lock_series_appointments(
    appointment: Appointment, scope: ChangeScope, *, query: SlotQuery | None = None, now: datetime
) -> list[Appointment]:
    """Return the appointments that a change is about, which nobody else changes until the transaction ends.

    Their client and calendars are locked before them, and all that the query may take. Raises AppointmentChanged where
    none is left, or where one was moved to another calendar meanwhile.
    """
    lock_client(appointment.client_id)
    found = query_series_appointments(appointment, scope, now=now)
    calendar_ids = set(found.values_list("entry__calendar_id", flat=True))
    if query:
        lock_candidates(query, *calendar_ids)
    else:
        lock_calendars(calendar_ids)
    ids = list(found.select_for_update(of=["self"], no_key=True).order_by("pk").values_list("pk", flat=True))
    rows = _read_again(ids, now=now)
    if not rows or {row.entry.calendar_id for row in rows} - calendar_ids:
        raise AppointmentChanged
    return rows


def get_series(appointment: Appointment) -> AppointmentSeries:
    """Return the series of an appointment, with its client, service and calendar."""
    return AppointmentSeries.objects.select_related("client", "service", "calendar").get(appointments=appointment)


def _read_again(ids: Sequence[UUID], *, now: datetime) -> list[Appointment]:
    rows = Appointment.objects.coming(now).filter(pk__in=ids).order_by("series_position")
    return list(rows.select_related("service", "entry__calendar", "client"))
