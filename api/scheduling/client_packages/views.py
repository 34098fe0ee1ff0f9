"""The operations of the business API on clients' packages."""

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_references import get_named_client
from api.protocol.empty_bodies import takes_no_body
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from api.scheduling.client_packages.package_queries import (
    PACKAGE_ORDER,
    get_client_package,
    present_client_package,
    query_client_packages,
)
from api.scheduling.client_packages.serializers import (
    ClientPackageListQuery,
    ClientPackageSerializer,
    NewClientPackageSerializer,
)
from portal.scheduling import services
from portal.scheduling.models import SessionPackage
from portal.scheduling.services import PackageTerms

NO_PACKAGE = "There is no such session package, or it is archived."
DAY_IS_OVER = "This day is over."


class ClientPackageListView(BusinessApiView):
    """The packages that clients have."""

    permissions = {"GET": "appointments.view", "POST": "appointments.edit"}

    @extend_schema(
        operation_id="list_client_packages",
        parameters=[ClientPackageListQuery],
        responses=ClientPackageSerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        """List clients’ packages, the newest first: all, or those of one client."""
        query = read_query(ClientPackageListQuery, request)
        page = get_api_page(query_client_packages(query), PACKAGE_ORDER, query)
        return Response(build_page_body(page, present_client_package))

    @transaction.atomic
    @extend_schema(
        operation_id="give_package", request=NewClientPackageSerializer, responses={201: ClientPackageSerializer}
    )
    def post(self, request: Any) -> Response:
        """Give a client a package as it is now. Bookings of its services use its sessions from then on."""
        values = validate(NewClientPackageSerializer, request.data)
        client = get_named_client(values["client"])
        if values["expires_on"] and values["expires_on"] < services.get_business_day(self.now):
            raise build_field_problem("expires_on", "invalid", DAY_IS_OVER)
        terms = PackageTerms(expires_on=values["expires_on"], note=values["note"])
        try:
            package = SessionPackage.objects.get(pk=values["package"])
            given = services.give_package(package=package, client=client, terms=terms, staff=self.staff, now=self.now)
        except (SessionPackage.DoesNotExist, services.PackageArchived) as error:
            raise build_field_problem("package", "not_found", NO_PACKAGE) from error
        headers = {"Location": f"{request.path}{given.pk}/"}
        return Response(present_client_package(get_client_package(given.pk)), status=201, headers=headers)


class ClientPackageView(BusinessApiView):
    """One package of a client's."""

    permissions = {"GET": "appointments.view", "PATCH": "appointments.edit"}

    @extend_schema(operation_id="get_client_package", responses=ClientPackageSerializer)
    def get(self, request: Any, client_package_id: UUID) -> Response:
        """Return a client’s package."""
        return Response(present_client_package(get_client_package(client_package_id)))

    @transaction.atomic
    @extend_schema(
        operation_id="update_client_package",
        request=ClientPackageSerializer(partial=True),
        responses=ClientPackageSerializer,
    )
    def patch(self, request: Any, client_package_id: UUID) -> Response:
        """Change the last day or the note. Sessions that are reserved stay. One that was withdrawn is 409."""
        package = services.lock_client_package(get_client_package(client_package_id))
        check_if_match(request, lambda: present_client_package(package))
        values = validate(ClientPackageSerializer, request.data, partial=True)
        try:
            services.change_client_package(client_package=package, staff=self.staff, now=self.now, **values)
        except services.PackageWithdrawn as error:
            raise ApiProblem(ErrorCode.CONFLICT, detail="This package was withdrawn.") from error
        return Response(present_client_package(get_client_package(package.pk)))


class ClientPackageWithdrawalView(BusinessApiView):
    """The withdrawal of a client's package."""

    permissions = {"POST": "appointments.edit"}

    @extend_schema(operation_id="withdraw_client_package", request=None, responses=ClientPackageSerializer)
    @takes_no_body
    def post(self, request: Any, client_package_id: UUID) -> Response:
        """Withdraw a package: no session of it is taken any more. Those that are reserved stay."""
        package = get_client_package(client_package_id)
        services.withdraw_client_package(client_package=package, staff=self.staff, now=self.now)
        return Response(present_client_package(get_client_package(package.pk)))
