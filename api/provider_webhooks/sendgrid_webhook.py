"""The webhook for SendGrid's delivery events: POST /hooks/sendgrid/."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.provider_webhooks.sendgrid_events import parse_batch
from api.provider_webhooks.webhook_receiver import read_body, reject_invalid_signature, store_report
from tenants import database_clock
from workers.providers import sendgrid


@csrf_exempt
@require_POST
def receive_events(request: HttpRequest) -> HttpResponse:
    """Store what a signed batch says, as far as it can be read. Returns 403 without a valid signature."""
    body = read_body(request)
    signature = request.headers.get("X-Twilio-Email-Event-Webhook-Signature", "")
    timestamp = request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
    if body is None or not sendgrid.is_signature_valid(body, signature=signature, timestamp=timestamp):
        return reject_invalid_signature("sendgrid")
    now = database_clock.now()
    return store_report("sendgrid", parse_batch(body, now=now), now=now)
