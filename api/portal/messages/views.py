"""The operations of the client API on the conversation with the business."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.messages.serializers import MessageListQuery, MessageSerializer
from api.portal.views import PortalApiView
from api.protocol.empty_bodies import takes_no_body
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.problems import build_field_problem
from api.protocol.query_params import read_query
from api.protocol.serializers import validate
from portal.messaging.conversations import services
from portal.messaging.models import ChatMessage, ChatMessageSender
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key
from tenants.sliding_windows import RateLimitExceeded

MESSAGE_ORDER = Keyset({"written_at": parse_cursor_instant, "pk": parse_cursor_key})


class MessageListView(PortalApiView):
    """The conversation between the client and the business."""

    @extend_schema(operation_id="list_messages", parameters=[MessageListQuery], responses=MessageSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the messages, the newest first. Listing marks none as read."""
        page = get_api_page(
            services.query_chat_messages(self.client), MESSAGE_ORDER, read_query(MessageListQuery, request)
        )
        return Response(build_page_body(page, _present))

    @extend_schema(operation_id="send_message", request=MessageSerializer, responses={201: MessageSerializer})
    def post(self, request: Any) -> Response:
        """Send the business a message."""
        values = validate(MessageSerializer, request.data)
        try:
            message = services.send_chat_message(client=self.client, body=values["body"], now=self.now)
        except services.ChatRateLimitExceeded as error:
            raise RateLimitExceeded(error.retry_at) from error
        except services.ChatMessageRejected as error:
            raise build_field_problem("body", "rejected", str(error)) from error
        return Response(_present(message), status=201)


class MessageReadStatusView(PortalApiView):
    """What the client has read."""

    @extend_schema(operation_id="mark_messages_read", request=None, responses={204: None})
    @takes_no_body
    def post(self, request: Any) -> Response:
        """Mark all messages of the business as read. An email announces those that nobody reads."""
        services.mark_read(client=self.client, reader=ChatMessageSender.CLIENT, now=self.now)
        return Response(status=204)


def _present(message: ChatMessage) -> dict[str, Any]:
    shown = {name: getattr(message, name) for name in ("id", "sender", "body", "written_at", "read_at")}
    return dict(MessageSerializer(shown | {"sender_name": message.public_name}).data)
