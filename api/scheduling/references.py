"""Services and staff calendars as other objects of the API name them, and how those that a request names are found."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from rest_framework import serializers

from api.protocol.problems import build_field_problem
from api.protocol.serializers import StrictSerializer
from portal.scheduling.models import Service, StaffCalendar
from portal.scheduling.services import query_services_with_needs

NO_SERVICE = "There is no such service."
NO_STAFF = "There is no such staff calendar."
NOT_GIVEN_BY = "This member of staff doesn’t give this service."
ARCHIVED = "This service is archived: restore it first."


class ServiceReferenceSerializer(StrictSerializer):
    """A service by id and name."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)


class StaffReferenceSerializer(StrictSerializer):
    """Somebody who gives services: the id of the staff calendar, and its name."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)


def present_reference(row: Service | StaffCalendar) -> dict[str, Any]:
    """Return what the API shows of a service or a staff calendar that another object names."""
    return {"id": str(row.pk), "name": row.name}


def get_named_service(service_id: UUID) -> Service:
    """Return the service whom the field `service` names, with its needs. Raises ApiProblem."""
    service = query_services_with_needs().filter(pk=service_id).first()
    if service is None:
        raise build_field_problem("service", "not_found", NO_SERVICE)
    if service.archived_at:
        raise build_field_problem("service", "archived", ARCHIVED)
    return service


def check_staff(staff_id: UUID | None, service: Service) -> None:
    """Check that the staff calendar whom a query names gives the service, if it names one. Raises ApiProblem."""
    if staff_id and staff_id not in service.calendar_ids:
        raise build_field_problem("staff", "not_found", NOT_GIVEN_BY)


def get_named_calendar(calendar_id: UUID) -> StaffCalendar:
    """Return the staff calendar whom the field `staff` of a body names, if it is in use. Raises ApiProblem."""
    calendar = StaffCalendar.objects.filter(pk=calendar_id, is_active=True).first()
    if calendar is None:
        raise build_field_problem("staff", "not_found", NO_STAFF)
    return calendar


def check_ids(field: str, model: type[Any], ids: Collection[UUID], message: str) -> None:
    """Check that there is a row for each id that a list names. Raises ApiProblem for the first that is unknown."""
    known = set(model.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    for index, key in enumerate(ids):
        if key not in known:
            raise build_field_problem(f"{field}[{index}]", "not_found", message)
