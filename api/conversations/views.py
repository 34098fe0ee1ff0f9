"""The operations of the business API on conversations with clients."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_queries import get_client
from api.clients.client_references import present_client_reference
from api.conversations.serializers import (
    ChatMessageListQuery,
    ChatMessageSerializer,
    ConversationListQuery,
    ConversationSerializer,
)
from api.protocol.empty_bodies import takes_no_body
from api.protocol.error_codes import ErrorCode
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import ApiProblem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from portal.messaging.conversations import services
from portal.messaging.models import ChatMessage


class ConversationListView(BusinessApiView):
    """The conversations."""

    permissions = {"GET": "messages.view"}

    @extend_schema(
        operation_id="list_conversations",
        parameters=[ConversationListQuery],
        responses=ConversationSerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        """List conversations, unread ones first, then the latest. Search looks in names, addresses and all messages."""
        query = read_query(ConversationListQuery, request)
        person_id = self.staff.person_id if query["scope"] == "mine" else None
        latest = services.list_conversations(search=query["search"], person_id=person_id)
        return Response(build_page_body(get_api_page(latest, services.INBOX_ORDER, query), _present_conversation))


class ChatMessageListView(BusinessApiView):
    """The messages of one client’s conversation."""

    permissions = {"GET": "messages.view", "POST": "messages.send"}

    @extend_schema(
        operation_id="list_chat_messages",
        parameters=[ChatMessageListQuery],
        responses=ChatMessageSerializer(many=True),
    )
    def get(self, request: Any, client_id: UUID) -> Response:
        """List the messages of a conversation, the newest first. Reading them here marks none of them as read."""
        query = read_query(ChatMessageListQuery, request)
        found = services.query_chat_messages(get_client(client_id))
        return Response(build_page_body(get_api_page(found, services.NEWEST_FIRST, query), _present_message))

    @extend_schema(
        operation_id="send_chat_message", request=ChatMessageSerializer, responses={201: ChatMessageSerializer}
    )
    def post(self, request: Any, client_id: UUID) -> Response:
        """Write to a client, who is told of it by email, and mark what the client wrote as read."""
        client, body = get_client(client_id), validate(ChatMessageSerializer, request.data)["body"]
        try:
            message = services.send_chat_message(client=client, body=body, staff=self.staff_without_key, now=self.now)
        except services.ChatMessageRejected as rejection:
            raise ApiProblem(ErrorCode.CONFLICT, detail=str(rejection)) from rejection
        return Response(_present_message(message), status=201)


class ConversationReadStatusView(BusinessApiView):
    """Whether staff have read one client’s conversation."""

    permissions = {"POST": "messages.send"}

    @extend_schema(operation_id="mark_conversation_read", request=None, responses={204: None})
    @takes_no_body
    def post(self, request: Any, client_id: UUID) -> Response:
        """Mark everything that a client wrote as read."""
        client = get_client(client_id)
        services.mark_read_by_staff(client=client, person_id=self.staff.person_id, now=self.now)
        return Response(status=204)


def _present_conversation(latest: Any) -> dict[str, Any]:
    return {
        "client": present_client_reference(latest.client),
        "is_unread": latest.is_unread,
        "latest_message": _present_message(latest),
    }


def _present_message(message: ChatMessage) -> dict[str, Any]:
    columns = ("id", "sender", "person_name", "body", "written_at", "read_at")
    return {name: getattr(message, name) for name in columns} | {"person": message.person_id}
