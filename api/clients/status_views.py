"""The operations of the business API that let a client in or keep them out."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client, show_client
from api.clients.serializers import ClientSerializer
from api.protocol.empty_bodies import takes_no_body
from portal.access import services as access
from portal.clients import services
from portal.clients.models import ClientStatus


class ClientStatusView(BusinessApiView):
    """A change of a client’s status; one that has the status already is left as it is, and nobody is notified."""

    permissions = {"POST": "clients.edit"}

    @transaction.atomic
    def set_status(self, client_id: UUID, status: ClientStatus, change: Callable[..., None]) -> Response:
        """Change the status of a client, and return the client."""
        client = get_client(client_id, lock=True)
        if client.status != status:
            change(client=client, staff=self.staff, now=self.now)
        return Response(show_client(client.pk))


class ClientArchivalView(ClientStatusView):
    """The archival of a client."""

    @extend_schema(operation_id="archive_client", request=None, responses=ClientSerializer)
    @takes_no_body
    def post(self, request: Any, client_id: UUID) -> Response:
        """Archive a client. They are signed out, can’t sign in, and are notified."""
        return self.set_status(client_id, ClientStatus.ARCHIVED, access.archive_client)


class ClientBlockView(ClientStatusView):
    """The block of a client."""

    @extend_schema(operation_id="block_client", request=None, responses=ClientSerializer)
    @takes_no_body
    def post(self, request: Any, client_id: UUID) -> Response:
        """Block a client. They are signed out, can’t sign in, and are notified."""
        return self.set_status(client_id, ClientStatus.BLOCKED, access.block_client)


class ClientRestorationView(ClientStatusView):
    """The restoration of an archived or blocked client."""

    @extend_schema(operation_id="restore_client", request=None, responses=ClientSerializer)
    @takes_no_body
    def post(self, request: Any, client_id: UUID) -> Response:
        """Restore an archived or blocked client. They can sign in again."""
        return self.set_status(client_id, ClientStatus.ACTIVE, access.restore_client)


class ClientConfirmationView(BusinessApiView):
    """The confirmation of a client whose card a public form made."""

    permissions = {"POST": "clients.edit"}

    @extend_schema(operation_id="confirm_client", request=None, responses=ClientSerializer)
    @takes_no_body
    def post(self, request: Any, client_id: UUID) -> Response:
        """Confirm a client whose card a public form made. Text messages can be sent to them then."""
        client = get_client(client_id)
        services.confirm_client(client=client, staff=self.staff, now=self.now)
        return Response(show_client(client.pk))
