"""The operation of the client API on the client's packages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.session_packages.serializers import SessionPackageSerializer
from api.portal.views import PortalApiView
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.query_params import read_query
from api.scheduling.client_packages.package_queries import PACKAGE_ORDER, present_sums
from api.scheduling.client_packages.serializers import PackageSessionListQuery
from portal.scheduling.models import ClientPackage


class SessionPackageListView(PortalApiView):
    """The client's packages of sessions."""

    @extend_schema(
        operation_id="list_session_packages",
        parameters=[PackageSessionListQuery],
        responses=SessionPackageSerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        """List the client’s packages with what is left of them, the newest first.

        A booking of a service that one covers uses a session of the one that ends first.
        """
        found = ClientPackage.objects.filter(client=self.client).prefetch_related("services")
        page = get_api_page(found, PACKAGE_ORDER, read_query(PackageSessionListQuery, request))
        return Response(build_page_body(page, _present))


def _present(package: ClientPackage) -> dict[str, Any]:
    return dict(SessionPackageSerializer(present_sums(package)).data)
