"""What can be booked through the client API, and by whom."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from api.protocol.problems import build_field_problem
from api.scheduling.references import NO_SERVICE
from portal.scheduling.models import Service
from portal.scheduling.services import get_scheduling_settings, query_services_with_needs
from tenants.models import Business


def query_bookable_services(business: Business, *, is_client: bool) -> QuerySet[Service]:
    """Return the services that a signed-in client can book, or that anybody can. Raises Http404 if there are none."""
    if not get_scheduling_settings(business).is_on:
        raise Http404
    return query_services_with_needs().filter(pk__in=Service.objects.bookable_by(is_client=is_client))


def get_bookable_service(business: Business, service_id: UUID, *, is_client: bool) -> Service:
    """Return the service that the field `service` names, with its needs. Raises ApiProblem and Http404."""
    service = query_bookable_services(business, is_client=is_client).filter(pk=service_id).first()
    if service is None:
        raise build_field_problem("service", "not_found", NO_SERVICE)
    return service
