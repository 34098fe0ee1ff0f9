"""Email through SendGrid, and verification of its webhook events.

The SDK builds the mail and reads the keys of events. It doesn't send: its own `send()` opens a connection
for each mail and has no time-out.
"""

import json
from base64 import b64decode, b64encode
from functools import cache
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from tenants.mail_attachments import MailAttachment
from tenants.senders import Sender, get_mail_sender
from workers.providers.base import OutgoingMessage, SendError, SendResult, SendStatus, catch_build_errors
from workers.providers.http_client import HttpClient, ProviderResponse

# An address can be on several lists at once, and an event names only one of them.
SUPPRESSION_LISTS = (
    "/v3/suppression/bounces",
    "/v3/suppression/blocks",
    "/v3/suppression/invalid_emails",
    "/v3/suppression/spam_reports",
)
# Unsubscribed by the recipient; the API key needs a separate permission for it.
GLOBAL_UNSUBSCRIBES = "/v3/asm/suppressions/global"


class SendGridProvider:
    """Sends mail through SendGrid's v3 API."""

    name = "sendgrid"

    def __init__(self) -> None:
        self._http = HttpClient()

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Send a mail; the delivery id in it comes back with every event."""
        with catch_build_errors():
            body = json.dumps(_build_mail(outgoing))
        url = f"{settings.SENDGRID_BASE_URL}/v3/mail/send"
        response = self._http.post(url, body=body, headers=_build_auth_headers() | {"Content-Type": "application/json"})
        if response.status >= 400:
            raise SendError(SendStatus.REFUSED, _derive_reason_code(response))
        return SendResult(SendStatus.ACCEPTED, message_id=response.headers.get("X-Message-Id", ""))

    def remove_suppression(self, address: str, *, reason: str) -> None:
        """Remove an address from the suppression lists of SendGrid. Safe to repeat. Raises SendError."""
        optional = (GLOBAL_UNSUBSCRIBES,) if reason == "sendgrid-unsubscribed" else ()
        for path in (*SUPPRESSION_LISTS, *optional):
            url = f"{settings.SENDGRID_BASE_URL}{path}/{quote(address, safe='')}"
            response = self._http.delete(url, headers=_build_auth_headers())
            if response.status >= 400 and response.status != 404:
                raise SendError(SendStatus.REFUSED, "refused")


def is_signature_valid(body: bytes, *, signature: str, timestamp: str) -> bool:
    """Return whether SendGrid signed these bytes, with a present or former key; False without a configured one."""
    keys = [settings.SENDGRID_WEBHOOK_PUBLIC_KEY, *settings.SENDGRID_WEBHOOK_PUBLIC_KEY_FALLBACKS]
    try:
        signed, given = timestamp.encode() + body, b64decode(signature)
        return any(_is_signed_with(key, signed, given) for key in keys if key)
    except ValueError:
        return False


def _is_signed_with(public_key: str, signed: bytes, signature: bytes) -> bool:
    """Verify bytes, which the SDK takes as text only: one byte of a bad encoding would refuse a whole batch."""
    try:
        _load_public_key(public_key).verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@cache
def _load_public_key(public_key: str):
    from sendgrid.helpers.eventwebhook import EventWebhook

    return EventWebhook(public_key).public_key


def _build_auth_headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.SENDGRID_API_KEY}"}


def _build_mail(outgoing: OutgoingMessage) -> dict:
    from sendgrid.helpers import mail

    message = mail.Mail(
        from_email=mail.From(get_mail_sender(outgoing.sender), outgoing.from_name),
        to_emails=mail.To(outgoing.to),
        subject=outgoing.subject,
        plain_text_content=outgoing.text,
        html_content=outgoing.html,
    )
    message.custom_arg = mail.CustomArg("delivery_id", str(outgoing.delivery_id))
    message.category = [mail.Category(outgoing.kind), mail.Category(f"sender-{outgoing.sender}")]
    if outgoing.sender == Sender.CODES:
        # Who unsubscribed from notices, or reported one as spam, has asked for this code. Bounces still count.
        message.mail_settings = mail.MailSettings(
            bypass_spam_management=mail.BypassSpamManagement(True),
            bypass_unsubscribe_management=mail.BypassUnsubscribeManagement(True),
        )
    # Spam filters and cautious recipients distrust rewritten links and tracking images.
    message.tracking_settings = mail.TrackingSettings(
        click_tracking=mail.ClickTracking(False, False),
        open_tracking=mail.OpenTracking(False),
    )
    # The SDK puts each before those that it has.
    for attachment in reversed(outgoing.attachments):
        message.add_attachment(
            mail.Attachment(
                file_content=b64encode(attachment.content).decode(),
                file_name=attachment.filename,
                file_type=_build_attachment_type(attachment),
                disposition="attachment",
            )
        )
    return message.get()


def _build_attachment_type(attachment: MailAttachment) -> str:
    """Return the content type of an attachment with the only parameter that SendGrid takes: a calendar's method.

    For any other, it refuses the whole mail (sendgrid-nodejs#1313, anymail#150, #492). The character set is its own.
    """
    method = attachment.parameters.get("method")
    is_invitation = method and attachment.media_type == "text/calendar"
    return f"{attachment.media_type}; method={method}" if is_invitation else attachment.media_type


def _derive_reason_code(response: ProviderResponse) -> str:
    """Return a reason code for a refusal; only errors of the field `personalizations` concern the recipient."""
    try:
        fields = [str(error.get("field") or "") for error in json.loads(response.text)["errors"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        fields = []
    return "sendgrid-invalid" if any(name.startswith("personalizations") for name in fields) else "refused"
