"""The operations of the client API on sessions: the devices on which a client is signed in."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.sessions.serializers import SessionSerializer
from api.portal.views import PortalApiView
from api.protocol.pagination import PageQuery, build_page_body, get_api_page
from api.protocol.query_params import read_query
from api.protocol.serializers import StrictSerializer
from portal.access import services
from portal.access.kinds import AccessEvent
from portal.access.models import ClientSession
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key
from tenants.user_agents import translate_user_agent_label

SESSION_ORDER = Keyset({"used_at": parse_cursor_instant, "pk": parse_cursor_key})


class SessionListQuery(StrictSerializer, PageQuery):
    """The page of the list of sessions."""


class SessionListView(PortalApiView):
    """The devices on which the client is signed in."""

    @extend_schema(operation_id="list_sessions", parameters=[SessionListQuery], responses=SessionSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the devices on which the client is signed in, the one used last first."""
        sessions = services.list_active_sessions(self.client, now=self.now)
        page = get_api_page(sessions, SESSION_ORDER, read_query(SessionListQuery, request))
        return Response(build_page_body(page, self._present))

    @extend_schema(operation_id="end_other_sessions", responses={204: None})
    def delete(self, request: Any) -> Response:
        """Sign every other device out."""
        services.end_sessions(client=self.client, current_session=self.session, now=self.now)
        return Response(status=204)

    def _present(self, session: ClientSession) -> dict[str, Any]:
        shown = {name: getattr(session, name) for name in ("id", "created_at", "used_at", "expires_at")}
        shown |= {"device": translate_user_agent_label(session.device), "is_current": session.pk == self.session.pk}
        return dict(SessionSerializer(shown).data)


class SessionView(PortalApiView):
    """One device."""

    @extend_schema(operation_id="end_session", responses={204: None})
    def delete(self, request: Any, session_id: UUID) -> Response:
        """Sign one device out; with the id of the session that asks, this one. Its tokens work no longer."""
        session = get_object_or_404(services.list_active_sessions(self.client, now=self.now), pk=session_id)
        services.end_session(session=session, event_type=self._choose_event_type(session), now=self.now)
        return Response(status=204)

    def _choose_event_type(self, session: ClientSession) -> AccessEvent:
        return AccessEvent.SIGNED_OUT if session.pk == self.session.pk else AccessEvent.SESSION_ENDED
