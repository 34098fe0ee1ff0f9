"""The operations of the business API on clients who can't sign in."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.protocol.empty_bodies import takes_no_body
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError
from api.protocol.serializers import validate
from api.sign_in_help.presenters import present_diagnostics, present_lookup
from api.sign_in_help.serializers import (
    AttemptLinkRequestSerializer,
    AttemptLinkSerializer,
    DiagnosticsSerializer,
    LookupResultSerializer,
    LookupSerializer,
)
from portal.access.services import get_contact_identifier
from portal.access.services.attempt_links import InvalidAttemptLink, build_attempt_link_url, create_attempt_link
from portal.branding import services as branding
from portal.clients.models import Client, Contact
from portal.messaging import suppressions
from portal.messaging.models import Suppression
from portal.signin_support import client_lookup, lookups, page_contexts
from tenants import hostnames

NOT_ELIGIBLE = FieldError("contact", "not_eligible", "This client can’t sign in with that address.")


class LookupView(BusinessApiView):
    """Look-ups of what clients typed."""

    # What was typed is not kept, not even for a day as the answer to a repeated request.
    supports_idempotency_key = False
    changes_data = False
    permissions = {"POST": "support.view"}

    @extend_schema(operation_id="look_up_client", request=LookupSerializer, responses=LookupResultSerializer)
    def post(self, request: Any) -> Response:
        """Say what an address means. It is posted, because addresses don’t belong in logs."""
        typed = validate(LookupSerializer, request.data)["typed"]
        return Response(present_lookup(lookups.look_up(typed=typed, business=self.business, now=self.now)))


class DiagnosticsView(BusinessApiView):
    """The diagnostics of one client."""

    permissions = {"GET": "support.view"}

    @extend_schema(operation_id="get_sign_in_diagnostics", responses=DiagnosticsSerializer)
    def get(self, request: Any, client_id: UUID) -> Response:
        """Say why a client can’t sign in, with the steps of their latest attempts, and the one thing to do."""
        client = get_client(client_id)
        return Response(present_diagnostics(page_contexts.build_current_diagnostics(self.business, client)))


class AttemptLinkView(BusinessApiView):
    """Links by which a client’s browser begins an attempt."""

    # The link is shown this once and kept nowhere.
    supports_idempotency_key = False
    permissions = {"POST": "support.send"}

    @extend_schema(
        operation_id="create_attempt_link",
        request=AttemptLinkRequestSerializer,
        responses={201: AttemptLinkSerializer},
    )
    def post(self, request: Any, client_id: UUID) -> Response:
        """Create a link with which a client begins to sign in where the sign-in page sends no code to them."""
        client = get_client(client_id)
        contact_id = validate(AttemptLinkRequestSerializer, request.data)["contact"]
        contact = client_lookup.find_eligible_contact(
            client, contact_id, portal_settings=branding.get_portal_settings()
        )
        if contact is None:
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[NOT_ELIGIBLE])
        return Response(self._create_link(client, contact), status=201)

    def _create_link(self, client: Client, contact: Contact) -> dict[str, Any]:
        try:
            signed_link, expires_at = create_attempt_link(
                business=self.business, client=client, contact=contact, staff=self.staff, now=self.now
            )
        except InvalidAttemptLink as error:
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[NOT_ELIGIBLE]) from error
        return {
            "url": build_attempt_link_url(hostnames.get_current_slug(self.business), signed_link),
            "identifier_masked": get_contact_identifier(contact).masked,
            "expires_at": expires_at,
        }


class SuppressionRemovalView(BusinessApiView):
    """The removal of one suppression."""

    permissions = {"POST": "support.send"}

    @extend_schema(operation_id="remove_suppression", request=None, responses={202: None})
    @takes_no_body
    def post(self, request: Any, client_id: UUID, suppression_id: UUID) -> Response:
        """Have a provider send to an address again. For texts, only after the client texted START."""
        client = get_client(client_id)
        values = client.contacts.values("value")
        found = get_object_or_404(Suppression, pk=suppression_id, value__in=values, removed_at=None)
        suppressions.request_suppression_removal(suppression=found, client=client, staff=self.staff, now=self.now)
        return Response(status=202)
