"""The operations of the business API on packages of sessions."""

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
from api.scheduling.session_packages.package_values import build_package_values, present_package, show_package
from api.scheduling.session_packages.serializers import SessionPackageListQuery, SessionPackageSerializer
from portal.scheduling import services
from portal.scheduling.models import SessionPackage


class SessionPackageListView(BusinessApiView):
    """The packages of sessions."""

    permissions = {"GET": "scheduling.view", "POST": "scheduling.edit"}

    @extend_schema(
        operation_id="list_session_packages",
        parameters=[SessionPackageListQuery],
        responses=SessionPackageSerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        """List packages by name: all of them, or those that are archived or not."""
        is_archived = {"yes": True, "no": False}.get(read_query(SessionPackageListQuery, request)["is_archived"])
        found = SessionPackage.objects.prefetch_related("services")
        if is_archived is not None:
            found = found.filter(archived_at__isnull=not is_archived)
        return Response({"items": [present_package(package) for package in found]})

    @transaction.atomic
    @extend_schema(
        operation_id="create_session_package",
        request=SessionPackageSerializer,
        responses={201: SessionPackageSerializer},
    )
    def post(self, request: Any) -> Response:
        """Add a package, which can be given to clients from then on."""
        currency = self.business.currency
        values = build_package_values(validate(SessionPackageSerializer, request.data), currency=currency)
        package = services.add_session_package(staff=self.staff, now=self.now, **{"price_currency": currency} | values)
        return Response(show_package(package.pk), status=201, headers={"Location": f"{request.path}{package.pk}/"})


class SessionPackageView(BusinessApiView):
    """One package of sessions."""

    permissions = {"GET": "scheduling.view", "PATCH": "scheduling.edit"}

    @extend_schema(operation_id="get_session_package", responses=SessionPackageSerializer)
    def get(self, request: Any, package_id: UUID) -> Response:
        """Return a package."""
        return Response(show_package(package_id))

    @transaction.atomic
    @extend_schema(
        operation_id="update_session_package",
        request=SessionPackageSerializer(partial=True),
        responses=SessionPackageSerializer,
    )
    def patch(self, request: Any, package_id: UUID) -> Response:
        """Change a package. What clients were given before stays as it was."""
        locked = SessionPackage.objects.select_for_update(of=["self"], no_key=True)
        package = get_object_or_404(locked, pk=package_id)
        check_if_match(request, lambda: show_package(package.pk))
        sent = validate(SessionPackageSerializer, request.data, partial=True)
        values = build_package_values(sent, currency=package.price_currency)
        services.change_session_package(package=package, staff=self.staff, now=self.now, **values)
        return Response(show_package(package.pk))


class SessionPackageArchivalView(BusinessApiView):
    """The archival of a package."""

    permissions = {"POST": "scheduling.edit"}

    @extend_schema(operation_id="archive_session_package", request=None, responses=SessionPackageSerializer)
    @takes_no_body
    def post(self, request: Any, package_id: UUID) -> Response:
        """Archive a package: it is given to nobody any more. Clients who have it keep it."""
        package = get_object_or_404(SessionPackage, pk=package_id)
        services.archive_session_package(package=package, staff=self.staff, now=self.now)
        return Response(show_package(package.pk))


class SessionPackageRestorationView(BusinessApiView):
    """The restoration of an archived package."""

    permissions = {"POST": "scheduling.edit"}

    @extend_schema(operation_id="restore_session_package", request=None, responses=SessionPackageSerializer)
    @takes_no_body
    def post(self, request: Any, package_id: UUID) -> Response:
        """Let an archived package be given again."""
        package = get_object_or_404(SessionPackage, pk=package_id)
        services.restore_session_package(package=package, staff=self.staff, now=self.now)
        return Response(show_package(package.pk))
