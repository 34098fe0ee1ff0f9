"""The webhook for the status callbacks of Twilio: POST /hooks/twilio/<delivery token>/."""

import re
from datetime import datetime
from uuid import UUID

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.hooks.webhook_receiver import read_body, reject_invalid_signature, store_events
from portal.messaging import failure_reasons
from tenants import database_clock
from tenants.models import DeliveryState, ProviderEvent
from workers.providers import twilio

DELIVERY_STATES = {
    "accepted": DeliveryState.ACCEPTED,
    "queued": DeliveryState.ACCEPTED,
    "sending": DeliveryState.ACCEPTED,
    "sent": DeliveryState.ACCEPTED,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.BOUNCED,
    "failed": DeliveryState.BOUNCED,
}
MESSAGE_ID = re.compile(r"[0-9A-Za-z]{1,64}")


@csrf_exempt
@require_POST
def receive_status(request: HttpRequest, token: str) -> HttpResponse:
    """Store a signed status. Returns 403 without a valid signature or token, 400 for an invalid message id."""
    delivery_id, fields = twilio.read_delivery_id(token), _read_fields(request)
    if delivery_id is None or fields is None or not _is_signature_valid(request, token, fields):
        return reject_invalid_signature("twilio")
    if not MESSAGE_ID.fullmatch(fields.get("MessageSid", "")):
        return HttpResponse(status=400)
    if fields.get("MessageStatus") not in DELIVERY_STATES:
        return HttpResponse(status=204)
    return store_events("twilio", [_build_provider_event(delivery_id, fields, now=database_clock.now())])


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


def _build_provider_event(delivery_id: UUID, fields: QueryDict, *, now: datetime) -> ProviderEvent:
    message_status = str(fields["MessageStatus"])
    state = DELIVERY_STATES[message_status]
    return ProviderEvent(
        provider="twilio",
        # Each status is reported once per text, so both together identify the event.
        provider_event_id=f"{fields['MessageSid']}:{message_status}",
        delivery_id=delivery_id,
        state=state,
        reason=failure_reasons.map_twilio_error(fields.get("ErrorCode", "")) if state == DeliveryState.BOUNCED else "",
        happened_at=now,
        received_at=now,
    )
