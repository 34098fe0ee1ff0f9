"""The operations of the business API on services."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.empty_bodies import takes_no_body
from api.protocol.entity_tags import check_if_match
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.services.serializers import ServiceListQuery, ServiceSerializer
from api.scheduling.services.service_values import (
    build_needs,
    build_service_columns,
    check_deposit,
    present_service,
    query_shown_services,
    show_service,
)
from portal.scheduling import services
from portal.scheduling.models import Service


class ServiceListView(BusinessApiView):
    """The services."""

    permissions = {"GET": "scheduling.view", "POST": "scheduling.edit"}

    @extend_schema(operation_id="list_services", parameters=[ServiceListQuery], responses=ServiceSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List services in the order in which clients see them: all of them, or those that are archived or not."""
        is_archived = {"yes": True, "no": False}.get(read_query(ServiceListQuery, request)["is_archived"])
        found = query_shown_services()
        if is_archived is not None:
            found = found.filter(archived_at__isnull=not is_archived)
        return Response({"items": [present_service(service) for service in found]})

    @transaction.atomic
    @extend_schema(operation_id="create_service", request=ServiceSerializer, responses={201: ServiceSerializer})
    def post(self, request: Any) -> Response:
        """Add a service. Clients can book it at once, if it is visible to them and somebody gives it."""
        values = validate(ServiceSerializer, request.data)
        columns = {"price_currency": self.business.currency} | build_service_columns(
            values, currency=self.business.currency
        )
        check_deposit(Service(**columns))
        service = services.add_service(needs=build_needs(values), staff=self.staff, now=self.now, **columns)
        return Response(show_service(service.pk), status=201, headers={"Location": f"{request.path}{service.pk}/"})


class ServiceView(BusinessApiView):
    """One service."""

    permissions = {"GET": "scheduling.view", "PATCH": "scheduling.edit"}

    @extend_schema(operation_id="get_service", responses=ServiceSerializer)
    def get(self, request: Any, service_id: UUID) -> Response:
        """Return a service."""
        return Response(show_service(service_id))

    @transaction.atomic
    @extend_schema(operation_id="update_service", request=ServiceSerializer(partial=True), responses=ServiceSerializer)
    def patch(self, request: Any, service_id: UUID) -> Response:
        """Change a service. What isn’t named stays; appointments that are agreed keep their times and prices."""
        service = get_object_or_404(Service.objects.select_for_update(of=["self"], no_key=True), pk=service_id)
        check_if_match(request, lambda: show_service(service.pk))
        values = validate(ServiceSerializer, request.data, partial=True)
        columns, needs = build_service_columns(values, currency=self.business.currency), build_needs(values, service)
        for name, value in columns.items():
            setattr(service, name, value)
        check_deposit(service)
        services.change_service(service=service, needs=needs, staff=self.staff, now=self.now, **columns)
        return Response(show_service(service.pk))


class ServiceArchivalView(BusinessApiView):
    """The archival of a service."""

    permissions = {"POST": "scheduling.edit"}

    @extend_schema(operation_id="archive_service", request=None, responses=ServiceSerializer)
    @takes_no_body
    def post(self, request: Any, service_id: UUID) -> Response:
        """Archive a service: nobody can book it any more. Its appointments stay."""
        service = get_object_or_404(Service, pk=service_id)
        services.archive_service(service=service, staff=self.staff, now=self.now)
        return Response(show_service(service.pk))


class ServiceRestorationView(BusinessApiView):
    """The restoration of an archived service."""

    permissions = {"POST": "scheduling.edit"}

    @extend_schema(operation_id="restore_service", request=None, responses=ServiceSerializer)
    @takes_no_body
    def post(self, request: Any, service_id: UUID) -> Response:
        """Offer an archived service again."""
        service = get_object_or_404(Service, pk=service_id)
        services.restore_service(service=service, staff=self.staff, now=self.now)
        return Response(show_service(service.pk))
