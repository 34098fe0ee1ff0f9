"""The webhook for the status callbacks of Twilio: POST /hooks/twilio/<delivery token>/."""

import re
from datetime import datetime
from uuid import UUID

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.provider_webhooks.webhook_receiver import read_body, reject_invalid_signature, store_report
from portal.messaging import failure_reasons
from tenants import database_clock
from tenants.event_matching import ReportedEvent
from tenants.models import DeliveryState, UnreadableReason
from tenants.unreadable_events import UnreadableElement, describe_fields
from workers.providers import twilio

DELIVERY_STATES = {
    "accepted": DeliveryState.ACCEPTED,
    "scheduled": DeliveryState.ACCEPTED,
    "queued": DeliveryState.ACCEPTED,
    "sending": DeliveryState.ACCEPTED,
    "sent": DeliveryState.ACCEPTED,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.BOUNCED,
    "failed": DeliveryState.BOUNCED,
    "canceled": DeliveryState.BOUNCED,
}
# Older accounts report under the names of the API that only knew texts.
STATUS_FIELDS = ("MessageStatus", "SmsStatus")
MESSAGE_ID_FIELDS = ("MessageSid", "SmsSid", "SmsMessageSid")
MESSAGE_ID = re.compile(r"[0-9A-Za-z]{1,64}")


@csrf_exempt
@require_POST
def receive_status(request: HttpRequest, token: str) -> HttpResponse:
    """Store a signed status. Returns 403 without a valid signature or token."""
    delivery_id, fields = twilio.read_delivery_id(token), _read_fields(request)
    if delivery_id is None or fields is None or not _is_signature_valid(request, token, fields):
        return reject_invalid_signature("twilio")
    now = database_clock.now()
    return store_report("twilio", [_parse_status(delivery_id, fields, now=now)], now=now)


def _read_fields(request: HttpRequest) -> QueryDict | None:
    body = read_body(request)
    try:
        return None if body is None else QueryDict(body, encoding="utf-8")
    except TooManyFieldsSent:
        return None


def _is_signature_valid(request: HttpRequest, token: str, fields: QueryDict) -> bool:
    query = request.META.get("QUERY_STRING")
    path = twilio.build_callback_path(token) + (f"?{query}" if query else "")
    return twilio.is_signature_valid(path, fields, signature=request.headers.get("X-Twilio-Signature", ""))


def _parse_status(delivery_id: UUID, fields: QueryDict, *, now: datetime) -> ReportedEvent | UnreadableElement:
    status = _read_first(fields, STATUS_FIELDS).lower()
    if status not in DELIVERY_STATES:
        shape = describe_fields(fields, (*STATUS_FIELDS, *MESSAGE_ID_FIELDS, "ErrorCode"))
        return UnreadableElement("twilio", UnreadableReason.UNKNOWN_EVENT, event=status, fields=shape)
    state, message_id = DELIVERY_STATES[status], _read_first(fields, MESSAGE_ID_FIELDS)
    if not MESSAGE_ID.fullmatch(message_id):
        message_id = delivery_id.hex
    return ReportedEvent(
        provider="twilio",
        # Each status is reported once per text, so both together identify the event.
        event_id=f"{message_id}:{status}",
        delivery_id=delivery_id,
        state=state,
        reason=failure_reasons.map_twilio_error(fields.get("ErrorCode", "")) if state == DeliveryState.BOUNCED else "",
        happened_at=now,
    )


def _read_first(fields: QueryDict, names: tuple[str, ...]) -> str:
    """Return the first of these fields that says anything."""
    return next((value for name in names if (value := fields.get(name, "").strip())), "")
