"""What does SendGrid tell us of our mails? POST /hooks/sendgrid/"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.hooks.reception import NotAnEvent, read_body, receive, refuse
from portal.messaging import reasons
from tenants import metrics
from tenants.models import DeliveryState, ProviderEvent
from workers.providers import sendgrid

# Opens, clicks and the like say nothing of whether a message arrived.
STATES = {
    "processed": DeliveryState.ACCEPTED,
    "deferred": DeliveryState.DEFERRED,
    "delivered": DeliveryState.DELIVERED,
    "bounce": DeliveryState.BOUNCED,
    "dropped": DeliveryState.BOUNCED,
}
TROUBLE = (DeliveryState.DEFERRED, DeliveryState.BOUNCED)
EVENT_ID = re.compile(r"[!-~]{1,120}")


@csrf_exempt
@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """Store a batch of events that SendGrid signed: 403 for any other, 400 for what is no batch."""
    body = read_body(request)
    signature = request.headers.get("X-Twilio-Email-Event-Webhook-Signature", "")
    timestamp = request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
    if body is None or not sendgrid.is_genuine(body, signature=signature, timestamp=timestamp):
        return refuse("sendgrid")
    try:
        batch = list(_read(json.loads(body), now=timezone.now()))
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    return receive("sendgrid", batch)


def _read(batch: Any, *, now: datetime) -> Iterator[ProviderEvent]:
    """Read the events about our deliveries; other mail of the same account is none of our business.

    An event that makes no sense is passed over: SendGrid would send a refused batch again and again, for a day.
    """
    if not isinstance(batch, list) or not all(isinstance(told, dict) for told in batch):
        raise NotAnEvent
    for told in batch:
        try:
            if "delivery_id" in told and _text(told, "event") in STATES:
                yield _event(told, now=now)
        except ValueError:
            metrics.PROVIDER_EVENTS.labels("sendgrid", "odd").inc()


def _event(told: dict[str, Any], *, now: datetime) -> ProviderEvent:
    event_id, timestamp = _text(told, "sg_event_id"), told.get("timestamp")
    if not EVENT_ID.fullmatch(event_id) or type(timestamp) is not int:
        raise NotAnEvent
    state = STATES[_text(told, "event")]
    return ProviderEvent(
        provider="sendgrid",
        provider_event_id=event_id,
        delivery_id=UUID(_text(told, "delivery_id")),
        state=state,
        reason=_reason(told) if state in TROUBLE else "",
        happened_at=min(_instant(timestamp), now),
        received_at=now,
    )


def _reason(told: dict[str, Any]) -> str:
    words = _text(told, "reason") or _text(told, "response")
    kind, status = _text(told, "type"), _text(told, "status")
    return reasons.from_sendgrid(event=_text(told, "event"), kind=kind, words=words, status=status)


def _instant(timestamp: int) -> datetime:
    try:
        return datetime.fromtimestamp(timestamp, UTC)
    except (OverflowError, OSError) as error:
        raise NotAnEvent from error


def _text(told: dict[str, Any], name: str) -> str:
    """Return a field's text, empty when it is missing. Raises NotAnEvent when it is something else."""
    value = told.get(name, "")
    if not isinstance(value, str):
        raise NotAnEvent
    return value
