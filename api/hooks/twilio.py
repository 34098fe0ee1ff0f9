"""What does Twilio tell us of one of our texts? POST /hooks/twilio/<delivery token>/"""

import re

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.hooks.reception import read_body, receive, refuse
from portal.messaging import reasons
from tenants.models import DeliveryState, ProviderEvent
from workers.providers import twilio

STATES = {
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
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Store a status that Twilio signed for the address we gave it: 403 for any other, 400 for one without sense."""
    body, delivery_id = read_body(request), twilio.delivery_of(token)
    if body is None or delivery_id is None:
        return refuse("twilio")
    fields = QueryDict(body, encoding="utf-8")
    path = twilio.callback_path(delivery_id) + (f"?{query}" if (query := request.META.get("QUERY_STRING")) else "")
    if not twilio.is_genuine(path, fields, signature=request.headers.get("X-Twilio-Signature", "")):
        return refuse("twilio")
    message_id, told = fields.get("MessageSid", ""), fields.get("MessageStatus", "")
    if not MESSAGE_ID.fullmatch(message_id):
        return HttpResponse(status=400)
    if told not in STATES:
        return HttpResponse(status=204)
    now = timezone.now()
    event = ProviderEvent(
        provider="twilio",
        # A text has one status of each kind, so together they name the event.
        provider_event_id=f"{message_id}:{told}",
        delivery_id=delivery_id,
        state=STATES[told],
        reason=reasons.from_twilio(fields.get("ErrorCode", "")) if STATES[told] == DeliveryState.BOUNCED else "",
        happened_at=now,
        received_at=now,
    )
    return receive("twilio", [event])
