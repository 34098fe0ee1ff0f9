"""The operations of the business API on the portal's address."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_references import get_named_client
from api.portal_address.serializers import (
    AddressInvitationSerializer,
    AvailabilitySerializer,
    PortalAddressSerializer,
    SlugQuery,
)
from api.protocol.entity_tags import check_if_match
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, build_field_problem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from portal.access import services as access
from portal.domains import services
from tenants import hostnames
from tenants.hostnames import SlugRejected
from tenants.models import PortalHostname
from tenants.slug_limits import find_new_slug_refusal

NOT_MAILED = "No email was sent: there is no email address for signing in, or they were already invited today."


class PortalAddressView(BusinessApiView):
    """The portal's address."""

    permissions = {"GET": "portal.view", "PATCH": "portal.edit"}

    @extend_schema(operation_id="get_portal_address", responses=PortalAddressSerializer)
    def get(self, request: Any) -> Response:
        """Return the portal’s address and its former ones."""
        return Response(self._present())

    @transaction.atomic
    @extend_schema(
        operation_id="change_portal_address",
        request=PortalAddressSerializer(partial=True),
        responses=PortalAddressSerializer,
    )
    def patch(self, request: Any) -> Response:
        """Give the portal another address. The present one redirects to it for good, so links keep working."""
        current = hostnames.lock_current_hostname(self.business)
        check_if_match(request, self._present)
        values = validate(PortalAddressSerializer, request.data, partial=True)
        if "slug" in values:
            self._change_slug(current, values["slug"])
        return Response(self._present())

    def _change_slug(self, current: PortalHostname, slug: str) -> None:
        fields: dict[str, Any] = {"business": self.business, "staff": self.staff, "now": self.now}
        try:
            services.change_slug(expected_slug=str(current), slug=slug, locked_hostname=current, **fields)
        except SlugRejected as error:
            raise build_field_problem("slug", "not_available", str(error)) from error

    def _present(self) -> dict[str, Any]:
        slug = hostnames.get_current_slug(self.business)
        return {
            "slug": slug,
            "url": hostnames.build_absolute_url(hostnames.build_portal_host(slug)),
            "former_slugs": list(hostnames.list_former_slugs(self.business)),
            "refusal": find_new_slug_refusal(self.business, now=self.now) or "",
        }


class AddressInvitationListView(BusinessApiView):
    """Mails with the portal’s address."""

    permissions = {"POST": "messages.send"}

    @extend_schema(operation_id="mail_portal_address", request=AddressInvitationSerializer, responses={202: None})
    def post(self, request: Any) -> Response:
        """Mail the portal’s address to a client, once a day at most."""
        client = get_named_client(validate(AddressInvitationSerializer, request.data)["client"])
        if not access.invite_clients(clients=[client], staff=self.staff, now=self.now).sent:
            raise ApiProblem(ErrorCode.CONFLICT, detail=NOT_MAILED)
        return Response(status=202)


class AddressAvailabilityView(BusinessApiView):
    """Whether an address can be taken."""

    permissions = {"GET": "portal.edit"}

    @extend_schema(operation_id="check_portal_address", parameters=[SlugQuery], responses=AvailabilitySerializer)
    def get(self, request: Any) -> Response:
        """Say whether the portal can have an address."""
        slug, refusal = read_query(SlugQuery, request)["slug"], ""
        try:
            hostnames.validate_slug_available(business=self.business, slug=slug, now=self.now)
        except SlugRejected as error:
            refusal = str(error)
        return Response({"slug": slug, "is_available": not refusal, "refusal": refusal})
