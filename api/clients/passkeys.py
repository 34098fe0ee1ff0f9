"""The operations of the business API on a client's passkeys."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.protocol.fields import InstantField
from api.protocol.serializers import StrictSerializer
from portal.passkeys import services
from portal.passkeys.services import ListedPasskey
from tenants.hostnames import list_portal_hosts
from tenants.user_agents import translate_user_agent_label


class ClientPasskeySerializer(StrictSerializer):
    """A passkey with which a client can sign in."""

    id = serializers.UUIDField(read_only=True)
    device = serializers.CharField(read_only=True, help_text="The device on which it was added.")
    host = serializers.CharField(read_only=True, help_text="The portal’s address at which alone it works.")
    works = serializers.BooleanField(
        read_only=True, help_text="Whether it signs the client in at an address of the portal now."
    )
    created_at = InstantField(read_only=True)
    used_at = InstantField(read_only=True, allow_null=True)


class ClientPasskeyListView(BusinessApiView):
    """All passkeys of a client."""

    permissions = {"GET": "clients.view"}

    @extend_schema(operation_id="list_client_passkeys", responses=ClientPasskeySerializer(many=True))
    def get(self, request: Any, client_id: UUID) -> Response:
        """List a client’s passkeys, the newest first. Nobody has more than ten."""
        hosts = list_portal_hosts(self.business)
        listed = services.list_passkeys(get_client(client_id), hosts=hosts)
        return Response({"items": [_present_passkey(each) for each in listed]})


class ClientPasskeyView(BusinessApiView):
    """One passkey of a client."""

    permissions = {"DELETE": "clients.edit"}

    @extend_schema(operation_id="delete_client_passkey", responses={204: None})
    def delete(self, request: Any, client_id: UUID, passkey_id: UUID) -> Response:
        """Remove a passkey. It signs nobody in any more, the sessions it opened end, and the client is notified."""
        client = get_client(client_id)
        passkey = get_object_or_404(services.query_passkeys(client), pk=passkey_id)
        services.remove_passkey(client=client, passkey=passkey, staff=self.staff, now=self.now)
        return Response(status=204)


def _present_passkey(listed: ListedPasskey) -> dict[str, Any]:
    shown = {name: getattr(listed.passkey, name) for name in ("id", "host", "created_at", "used_at")}
    shown |= {"device": translate_user_agent_label(listed.passkey.device), "works": listed.works}
    return dict(ClientPasskeySerializer(shown).data)
