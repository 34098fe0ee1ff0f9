"""The webhook for SendGrid's delivery events: POST /hooks/sendgrid/."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.hooks.webhook_receiver import InvalidEvent, read_body, reject_invalid_signature, store_events
from portal.messaging import failure_reasons
from tenants import database_clock, metrics
from tenants.models import DeliveryState, ProviderEvent
from workers.providers import sendgrid

# Opens and clicks are left out: they say nothing about the delivery.
DELIVERY_STATES = {
    "processed": DeliveryState.ACCEPTED,
    "deferred": DeliveryState.DEFERRED,
    "delivered": DeliveryState.DELIVERED,
    "bounce": DeliveryState.BOUNCED,
    "dropped": DeliveryState.BOUNCED,
}
STATES_WITH_REASON = (DeliveryState.DEFERRED, DeliveryState.BOUNCED)
EVENT_ID = re.compile(r"[!-~]{1,120}")


@csrf_exempt
@require_POST
def receive_events(request: HttpRequest) -> HttpResponse:
    """Store a signed batch of events. Returns 403 without a valid signature, 400 for an invalid batch."""
    body = read_body(request)
    signature = request.headers.get("X-Twilio-Email-Event-Webhook-Signature", "")
    timestamp = request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
    if body is None or not sendgrid.is_signature_valid(body, signature=signature, timestamp=timestamp):
        return reject_invalid_signature("sendgrid")
    try:
        batch = list(_read_events(json.loads(body), now=database_clock.now()))
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    return store_events("sendgrid", batch)


def _read_events(batch: Any, *, now: datetime) -> Iterator[ProviderEvent]:
    """Yield the events about our deliveries; other mail of the same account is ignored.

    An invalid event is skipped: SendGrid would repeat a rejected batch for a day.
    """
    if not isinstance(batch, list) or not all(isinstance(payload, dict) for payload in batch):
        raise InvalidEvent
    for payload in batch:
        try:
            if "delivery_id" in payload and _read_text_field(payload, "event") in DELIVERY_STATES:
                yield _build_provider_event(payload, now=now)
        except ValueError:
            metrics.PROVIDER_EVENTS.labels("sendgrid", "malformed").inc()


def _build_provider_event(payload: dict[str, Any], *, now: datetime) -> ProviderEvent:
    event_id, timestamp = _read_text_field(payload, "sg_event_id"), payload.get("timestamp")
    if not EVENT_ID.fullmatch(event_id) or type(timestamp) is not int:
        raise InvalidEvent
    state = DELIVERY_STATES[_read_text_field(payload, "event")]
    return ProviderEvent(
        provider="sendgrid",
        provider_event_id=event_id,
        delivery_id=UUID(_read_text_field(payload, "delivery_id")),
        state=state,
        reason=_derive_reason_code(payload) if state in STATES_WITH_REASON else "",
        happened_at=min(_parse_timestamp(timestamp), now),
        received_at=now,
    )


def _derive_reason_code(payload: dict[str, Any]) -> str:
    description = _read_text_field(payload, "reason") or _read_text_field(payload, "response")
    kind, status = _read_text_field(payload, "type"), _read_text_field(payload, "status")
    return failure_reasons.map_sendgrid_event(
        event=_read_text_field(payload, "event"), kind=kind, text=description, status=status
    )


def _parse_timestamp(timestamp: int) -> datetime:
    try:
        return datetime.fromtimestamp(timestamp, UTC)
    except (OverflowError, OSError) as error:
        raise InvalidEvent from error


def _read_text_field(payload: dict[str, Any], name: str) -> str:
    """Return the text of a field, empty if it is missing. Raises InvalidEvent if it is no string."""
    value = payload.get(name, "")
    if not isinstance(value, str):
        raise InvalidEvent
    return value
