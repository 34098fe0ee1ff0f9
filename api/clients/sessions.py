"""The operations of the business API on the devices where a client is signed in."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.protocol.fields import InstantField
from api.protocol.pagination import PageQuery, build_page_body, get_api_page
from api.protocol.query_params import read_query
from api.protocol.serializers import StrictSerializer
from api.protocol.sparse_fields import SparseFieldsField, make_sparse
from portal.access import services
from portal.access.kinds import AccessEvent
from portal.access.models import ClientSession
from portal.activity import services as activity
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key
from tenants.user_agents import translate_user_agent_label

LAST_USED_FIRST = Keyset({"used_at": parse_cursor_instant, "pk": parse_cursor_key})


class ClientSessionSerializer(StrictSerializer):
    """A device where a client is signed in."""

    id = serializers.UUIDField(read_only=True)
    device = serializers.CharField(read_only=True)
    remember_me = serializers.BooleanField(read_only=True, help_text="Whether the client wants to stay signed in.")
    created_at = InstantField(read_only=True)
    used_at = InstantField(read_only=True)
    expires_at = InstantField(read_only=True)


class ClientSessionListQuery(StrictSerializer, PageQuery):
    """A page of a client’s sessions."""

    fields: Any = SparseFieldsField(ClientSessionSerializer)


class ClientSessionListView(BusinessApiView):
    """The devices where a client is signed in."""

    permissions = {"GET": "clients.view", "DELETE": "clients.edit"}

    @extend_schema(
        operation_id="list_client_sessions",
        parameters=[ClientSessionListQuery],
        responses=make_sparse(ClientSessionSerializer)(many=True),
    )
    def get(self, request: Any, client_id: UUID) -> Response:
        """List the devices where a client is signed in, the one used last first."""
        query = read_query(ClientSessionListQuery, request)
        page = get_api_page(_list_sessions(self, client_id), LAST_USED_FIRST, query)
        return Response(build_page_body(page, _present_session, fields=query["fields"]))

    @extend_schema(operation_id="end_client_sessions", responses={204: None})
    def delete(self, request: Any, client_id: UUID) -> Response:
        """Sign a client out on every device."""
        services.end_sessions(client=get_client(client_id), now=self.now, **activity.get_actor_fields(self.staff))
        return Response(status=204)


class ClientSessionView(BusinessApiView):
    """One device where a client is signed in."""

    permissions = {"DELETE": "clients.edit"}

    @extend_schema(operation_id="end_client_session", responses={204: None})
    def delete(self, request: Any, client_id: UUID, session_id: UUID) -> Response:
        """Sign a client out on one device."""
        session = get_object_or_404(_list_sessions(self, client_id), pk=session_id)
        services.end_session(session=session, event_type=AccessEvent.SESSION_ENDED, staff=self.staff, now=self.now)
        return Response(status=204)


def _list_sessions(view: BusinessApiView, client_id: UUID) -> QuerySet[ClientSession]:
    return services.list_active_sessions(get_client(client_id), now=view.now)


def _present_session(session: ClientSession) -> dict[str, Any]:
    columns = ("id", "remember_me", "created_at", "used_at", "expires_at")
    shown = {name: getattr(session, name) for name in columns}
    return dict(ClientSessionSerializer(shown | {"device": translate_user_agent_label(session.device)}).data)
