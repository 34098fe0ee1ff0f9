"""How does SendGrid take a mail, and how do we know that an event is SendGrid's?

The SDK builds the mail and verifies events. It doesn't carry them: its own `send()` opens
a connection for each mail and waits for ever.
"""

import json
from binascii import Error as NotBase64
from functools import cache
from urllib.parse import quote

from django.conf import settings

from workers.providers.base import ACCEPTED, OutgoingMessage, SendError, SendResult, SendStatus, catch_build_errors
from workers.providers.http_client import HttpClient, ProviderResponse

# An address can be on several at once, and an event names only one of them.
SUPPRESSION_LISTS = (
    "/v3/suppression/bounces",
    "/v3/suppression/blocks",
    "/v3/suppression/invalid_emails",
    "/v3/suppression/spam_reports",
)
# What a person decided for themselves; it needs a right of its own on the key.
GLOBAL_UNSUBSCRIBES = "/v3/asm/suppressions/global"


class SendGridProvider:
    """Mail through SendGrid's v3 API."""

    name = "sendgrid"

    def __init__(self) -> None:
        self._http = HttpClient()

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Hand a mail over; the delivery's id rides along and comes back with every event."""
        with catch_build_errors():
            body = json.dumps(_mail(outgoing))
        url = f"{settings.SENDGRID_BASE_URL}/v3/mail/send"
        answer = self._http.post(url, body=body, headers=_auth_headers() | {"Content-Type": "application/json"})
        if answer.status >= 400:
            raise SendError(SendStatus.REFUSED, _reason(answer))
        return ACCEPTED

    def remove_suppression(self, address: str, *, reason: str) -> None:
        """Take an address off the lists of those SendGrid drops mail for. Safe to repeat. Raises SendError."""
        own = (GLOBAL_UNSUBSCRIBES,) if reason == "sendgrid-unsubscribed" else ()
        for way in (*SUPPRESSION_LISTS, *own):
            url = f"{settings.SENDGRID_BASE_URL}{way}/{quote(address, safe='')}"
            answer = self._http.delete(url, headers=_auth_headers())
            if answer.status >= 400 and answer.status != 404:
                raise SendError(SendStatus.REFUSED, "refused")


def is_signature_valid(body: bytes, *, signature: str, timestamp: str) -> bool:
    """Tell whether SendGrid signed these bytes with the key whose public half we hold; False while we hold none."""
    if not settings.SENDGRID_WEBHOOK_PUBLIC_KEY:
        return False
    try:
        verifier = _verifier(settings.SENDGRID_WEBHOOK_PUBLIC_KEY)
        return verifier.verify_signature(body.decode(), signature, timestamp)
    except (NotBase64, ValueError):
        return False


@cache
def _verifier(public_key: str):
    from sendgrid.helpers.eventwebhook import EventWebhook

    return EventWebhook(public_key)


def _auth_headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.SENDGRID_API_KEY}"}


def _mail(outgoing: OutgoingMessage) -> dict:
    from sendgrid.helpers import mail

    message = mail.Mail(
        from_email=mail.From(settings.MAIL_FROM, outgoing.from_name),
        to_emails=mail.To(outgoing.to),
        subject=outgoing.subject,
        plain_text_content=outgoing.text,
        html_content=outgoing.html,
    )
    message.custom_arg = mail.CustomArg("delivery_id", str(outgoing.delivery_id))
    message.category = mail.Category(outgoing.kind)
    # Rewritten links and a hidden image are what spam filters and careful clients look for.
    message.tracking_settings = mail.TrackingSettings(
        click_tracking=mail.ClickTracking(False, False),
        open_tracking=mail.OpenTracking(False),
    )
    return message.get()


def _reason(answer: ProviderResponse) -> str:
    """Name what SendGrid found wrong; its errors name the field, and only the recipient is the person's."""
    try:
        fields = [str(error.get("field") or "") for error in json.loads(answer.text)["errors"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        fields = []
    return "sendgrid-invalid" if any(name.startswith("personalizations") for name in fields) else "refused"
