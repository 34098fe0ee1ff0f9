"""The operations of the business API that change or invite many clients at once."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.bulk_actions.serializers import (
    ChangedClientsSerializer,
    InvitedClientsSerializer,
    InvitedNewClientsSerializer,
    SelectedClientsSerializer,
)
from api.business.views import BusinessApiView
from api.clients.client_references import build_unknown_client_error
from api.protocol.empty_bodies import takes_no_body
from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from api.protocol.serializers import validate
from portal.access import services as access
from portal.access.services.archiving import archive_clients, restore_clients
from portal.bulk_actions.limits import MAX_BULK_RECIPIENTS
from portal.clients import services
from portal.clients.models import Client, ClientQuerySet, Tag, Upload
from portal.clients.uploads.invitable_clients import query_invitable_clients
from portal.clients.uploads.models import UploadState

# To mail many clients needs what mailing one of them does.
INVITING_PERMISSION = "messages.send"


class SelectedClientsView(BusinessApiView):
    """An action on selected clients: all of them are there, or nothing is done."""

    permissions = {"POST": "clients.edit"}

    def get_clients(self, request: Any) -> ClientQuerySet:
        """Return the clients whom the request names. Raises ValidationError and ApiProblem."""
        keys = validate(SelectedClientsSerializer, request.data)["clients"]
        clients = Client.objects.exclude_unlisted().filter(pk__in=keys)
        found = set(clients.values_list("pk", flat=True))
        unknown = [
            build_unknown_client_error(f"clients[{place}]") for place, key in enumerate(keys) if key not in found
        ]
        if unknown:
            raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=unknown)
        self.number = len(found)
        return clients

    def build_changed_response(self, changed: int) -> Response:
        """Answer how many of the clients were changed."""
        return Response({"changed": changed, "unchanged": self.number - changed})


class ArchivalListView(SelectedClientsView):
    """The archival of many clients."""

    @extend_schema(
        operation_id="archive_clients", request=SelectedClientsSerializer, responses=ChangedClientsSerializer
    )
    def post(self, request: Any) -> Response:
        """Archive up to 1,000 clients. They are signed out, can’t sign in, and are notified."""
        clients = self.get_clients(request)
        return self.build_changed_response(archive_clients(clients=clients, staff=self.staff, now=self.now))


class RestorationListView(SelectedClientsView):
    """The restoration of many clients."""

    @extend_schema(
        operation_id="restore_clients", request=SelectedClientsSerializer, responses=ChangedClientsSerializer
    )
    def post(self, request: Any) -> Response:
        """Restore up to 1,000 archived or blocked clients. They can sign in again."""
        clients = self.get_clients(request)
        return self.build_changed_response(restore_clients(clients=clients, staff=self.staff, now=self.now))


class InvitationListView(SelectedClientsView):
    """Invitations of many clients."""

    @extend_schema(operation_id="invite_clients", request=SelectedClientsSerializer, responses=InvitedClientsSerializer)
    def post(self, request: Any) -> Response:
        """Mail the portal’s address to up to 1,000 clients, once a day at most.

        Needs the scope `messages:send`, too.
        """
        self.require(INVITING_PERMISSION)
        clients = self.get_clients(request)
        done = access.invite_clients(clients=clients.only("pk"), staff=self.staff, now=self.now)
        return Response({"sent": done.sent, "skipped": done.skipped})


class TagAdditionListView(SelectedClientsView):
    """The addition of a tag to many clients."""

    @extend_schema(operation_id="tag_clients", request=SelectedClientsSerializer, responses=ChangedClientsSerializer)
    def post(self, request: Any, tag_id: UUID) -> Response:
        """Add a tag to up to 1,000 clients."""
        tag, clients = get_object_or_404(Tag, pk=tag_id), self.get_clients(request)
        return self.build_changed_response(
            services.tag_clients(clients=clients, tag=tag, staff=self.staff, now=self.now)
        )


class TagRemovalListView(SelectedClientsView):
    """The removal of a tag from many clients."""

    @extend_schema(operation_id="untag_clients", request=SelectedClientsSerializer, responses=ChangedClientsSerializer)
    def post(self, request: Any, tag_id: UUID) -> Response:
        """Remove a tag from up to 1,000 clients; the tag itself stays."""
        tag, clients = get_object_or_404(Tag, pk=tag_id), self.get_clients(request)
        return self.build_changed_response(
            services.untag_clients(clients=clients, tag=tag, staff=self.staff, now=self.now)
        )


class NewClientInvitationListView(BusinessApiView):
    """Invitations of the clients whom an uploaded list has added."""

    permissions = {"POST": "uploads.run"}

    @extend_schema(operation_id="invite_new_clients", request=None, responses=InvitedNewClientsSerializer)
    @takes_no_body
    def post(self, request: Any, upload_id: UUID) -> Response:
        """Mail the portal’s address to up to 1,000 clients whom an imported list has added, each once.

        Needs the scope `messages:send`, too.
        """
        self.require(INVITING_PERMISSION)
        upload = get_object_or_404(Upload, pk=upload_id, state=UploadState.DONE)
        invitable = query_invitable_clients(upload).order_by("pk")
        done = access.invite_clients(clients=invitable.only("pk")[:MAX_BULK_RECIPIENTS], staff=self.staff, now=self.now)
        return Response({"sent": done.sent, "remaining": query_invitable_clients(upload).count()})
