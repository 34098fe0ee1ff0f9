"""Appointments as the API lists and shows them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from api.clients.client_references import present_client_reference
from api.scheduling.appointments.serializers import AppointmentSerializer
from api.scheduling.fields import present_price
from api.scheduling.references import present_reference
from portal.scheduling.models import Appointment
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key

COLUMNS = (
    *("id", "version", "state", "starts_at", "ends_at", "is_overbooked", "source", "note", "policy_accepted_at"),
    *("location", "reason", "proposed_starts_at", "created_at", "updated_at"),
)
# The column of each filter of the list.
FILTERS = {
    "state": "state",
    "client": "client",
    "service": "service",
    "staff": "entry__calendar",
    "from": "starts_at__gte",
    "to": "starts_at__lt",
}


def query_appointments() -> QuerySet[Appointment]:
    """Return the appointments that somebody has booked, with all that is shown of them."""
    return Appointment.objects.booked().exclude_demo().select_related("client", "service", "entry__calendar")


def find_appointments(query: Mapping[str, Any]) -> QuerySet[Appointment]:
    """Return the appointments for which a validated query asks."""
    return query_appointments().filter(**{column: query[name] for name, column in FILTERS.items() if query[name]})


def build_keyset(sort: str) -> Keyset:
    """Return the order of a list: by start, the earliest first or the latest."""
    return Keyset({"starts_at": parse_cursor_instant, "pk": parse_cursor_key}, is_descending=sort.startswith("-"))


def get_appointment(appointment_id: UUID) -> Appointment:
    """Return an appointment that was booked. Raises Http404."""
    return get_object_or_404(query_appointments(), pk=appointment_id)


def show_appointment(appointment_id: UUID) -> dict[str, Any]:
    """Return what the API shows of an appointment. Raises Http404."""
    return present_appointment(get_appointment(appointment_id))


def present_appointment(appointment: Appointment) -> dict[str, Any]:
    """Return what the API shows of an appointment that was read with what belongs to it."""
    shown = {name: getattr(appointment, name) for name in COLUMNS} | {
        "client": present_client_reference(appointment.client),
        "contact": {name: getattr(appointment, f"contact_{name}") for name in ("name", "email", "mobile")},
        "service": present_reference(appointment.service),
        "staff": present_reference(appointment.entry.calendar),
        "answers": present_answers(appointment),
        "price": present_price(appointment.price_amount, appointment.price_currency),
    }
    return dict(AppointmentSerializer(shown).data)


def present_answers(appointment: Appointment) -> list[dict[str, str]]:
    """Return the questions of an appointment with their answers."""
    return [{"question": question, "answer": answer} for question, answer in appointment.answers]
