"""The operation of the business API on clients who failed to sign in."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_references import ClientReferenceSerializer, present_client_reference
from api.protocol.fields import InstantField
from api.protocol.serializers import StrictSerializer
from portal.signin_support.recent_sign_in_failures import RecentSignInFailure, list_recent_sign_in_failures


class SignInFailureSerializer(StrictSerializer):
    """A client who failed to sign in: what went wrong last, and when."""

    client = ClientReferenceSerializer(read_only=True)
    description = serializers.CharField(read_only=True)
    at = InstantField(read_only=True)


class RecentFailureListView(BusinessApiView):
    """The clients who failed to sign in lately."""

    permissions = {"GET": "support.view"}

    @extend_schema(operation_id="list_recent_sign_in_failures", responses=SignInFailureSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the last clients who failed to sign in within a day and have not signed in since, the latest first."""
        failures = list_recent_sign_in_failures(now=self.now)
        return Response({"items": [_present(failure) for failure in failures]})


def _present(failure: RecentSignInFailure) -> dict[str, Any]:
    shown = {"description": str(failure.description), "at": failure.at}
    return {"client": present_client_reference(failure.client)} | shown
