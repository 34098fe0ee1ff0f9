"""What webhooks about appointments, clients' packages, services and the waiting list hold."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.activity.models import Entry
from portal.scheduling.models import Appointment, ClientPackage, WaitingListEntry

PACKAGE_SUMS = ("sessions_total", "sessions_reserved", "sessions_used", "sessions_left")


def build_appointments(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return each appointment as it is by now; None for one that is gone.

    What people typed is read through the API by those who may.
    """
    ids = [entry.subject_id for entry in entries if entry.subject_id]
    rows = Appointment.objects.filter(pk__in=ids).select_related("service", "entry__calendar")
    shown: dict[UUID | None, dict[str, Any]] = {row.pk: _describe(row) for row in rows}
    return {
        entry.pk: {"appointment_id": entry.subject_id, "appointment": shown.get(entry.subject_id)} for entry in entries
    }


def build_client_packages(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return each client's package with its sums by now; None for one that is gone."""
    ids = [entry.subject_id for entry in entries if entry.subject_id]
    shown: dict[UUID | None, dict[str, Any]] = {
        package.pk: {
            "name": package.name,
            **{name: getattr(package, name) for name in PACKAGE_SUMS},
            "expires_on": package.expires_on,
        }
        for package in ClientPackage.objects.filter(pk__in=ids)
    }
    return {
        entry.pk: {"client_package_id": entry.subject_id, "client_package": shown.get(entry.subject_id)}
        for entry in entries
    }


def build_services(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return the id of each service."""
    return {entry.pk: {"service_id": entry.subject_id} for entry in entries}


def build_waiting_list_entries(entries: Sequence[Entry]) -> dict[UUID, dict[str, Any]]:
    """Return each entry of the waiting list as it is by now, None for one that is gone; with the time of an offer."""
    ids = [entry.subject_id for entry in entries if entry.subject_id]
    rows = WaitingListEntry.objects.filter(pk__in=ids).select_related("service", "calendar")
    shown: dict[UUID | None, dict[str, Any]] = {row.pk: _describe_waiting(row) for row in rows}
    return {
        entry.pk: {
            "waiting_list_entry_id": entry.subject_id,
            "waiting_list_entry": shown.get(entry.subject_id),
            "offered_starts_at": entry.data.get("starts_at"),
        }
        for entry in entries
    }


def _describe(appointment: Appointment) -> dict[str, Any]:
    service, calendar = appointment.service, appointment.entry.calendar
    return {
        "version": appointment.version,
        "state": appointment.state,
        "starts_at": appointment.starts_at,
        "ends_at": appointment.ends_at,
        "service": {"id": service.pk, "name": service.name},
        "staff": {"id": calendar.pk, "name": calendar.name},
    }


def _describe_waiting(row: WaitingListEntry) -> dict[str, Any]:
    return {
        "state": row.state,
        "service": {"id": row.service.pk, "name": row.service.name},
        "staff": {"id": row.calendar.pk, "name": row.calendar.name} if row.calendar else None,
        "from_on": row.from_on,
        "until_on": row.until_on,
        "part_of_day": row.part_of_day,
    }
