"""The operations of the business API on mails and texts to clients."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.clients.client_references import present_client_reference
from api.messages.serializers import MessageListQuery, MessageSerializer, build_message_filter
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.query_params import read_query
from portal.messaging.failure_reasons import explain_failure_reason
from portal.messaging.message_queries import NEWEST_FIRST, MessageFilter, filter_messages
from portal.messaging.models import Message
from tenants.models import DeliveryState


class MessageListView(BusinessApiView):
    """The mails and texts to clients."""

    permissions = {"GET": "messages.view"}

    @extend_schema(operation_id="list_messages", parameters=[MessageListQuery], responses=MessageSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List mails and texts to clients, the newest first, with what became of each; sign-in codes among them."""
        query = read_query(MessageListQuery, request)
        found = filter_messages(build_message_filter(query))
        return Response(build_page_body(get_api_page(found, NEWEST_FIRST, query), _present))


class MessageView(BusinessApiView):
    """One mail or text to a client."""

    permissions = {"GET": "messages.view"}

    @extend_schema(operation_id="get_message", responses=MessageSerializer)
    def get(self, request: Any, message_id: UUID) -> Response:
        """Return a mail or text with what became of it."""
        return Response(_present(get_object_or_404(filter_messages(MessageFilter()), pk=message_id)))


def _present(message: Message) -> dict[str, Any]:
    reason = explain_failure_reason(message.reason) if message.reason else None
    columns = ("id", "kind", "channel", "to", "language", "reason", "created_at")
    return {name: getattr(message, name) for name in columns} | {
        "client": present_client_reference(message.client),
        "state": DeliveryState(message.state).name.lower(),
        "reason_text": str(reason.text) if reason else "",
        "next_step": str(reason.next_step) if reason else "",
    }
