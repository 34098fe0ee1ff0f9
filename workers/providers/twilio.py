"""How does Twilio take a text, and how do we know that a status is Twilio's?"""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from workers.providers.base import ACCEPTED, OutgoingMessage, SendError, SendResult, SendStatus, catch_build_errors
from workers.providers.http_client import HttpClient

# What the SDK believes to talk to; TWILIO_BASE_URL takes its place.
SDK_BASE_URL = "https://api.twilio.com"
# Twilio tries no longer than this, in seconds.
MAX_VALIDITY_SECONDS = 14_400
_token_signer = Signer(salt="hooks.twilio")


class TwilioProvider:
    """Texts through Twilio's Messages API, with one client for the whole process."""

    name = "twilio"

    def __init__(self) -> None:
        from twilio.rest import Client

        self._client = Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=_http_client())

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Hand a text over; the callback's address says which delivery it belongs to."""
        service = settings.TWILIO_MESSAGING_SERVICE_SID
        sender = {"messaging_service_sid": service} if service else {"from_": settings.TWILIO_FROM}
        self._client.messages.create(
            to=outgoing.to,
            body=outgoing.text,
            status_callback=callback_url(outgoing.delivery_id),
            validity_period=_seconds_left(outgoing),
            **sender,
        )
        return ACCEPTED


def _seconds_left(outgoing: OutgoingMessage) -> int:
    """Return how long Twilio may try, so that a code that has expired isn't texted late."""
    left = (outgoing.deadline_at - timezone.now()).total_seconds()
    return int(min(max(left, 1), MAX_VALIDITY_SECONDS))


def callback_url(delivery_id: UUID) -> str:
    """Return where Twilio reports on a delivery: the configured address, never a request's."""
    return f"{settings.PUBLIC_URL}{callback_path(delivery_id)}"


def callback_path(delivery_id: UUID) -> str:
    """Return the path of that address; its token can't be made up."""
    return f"/hooks/twilio/{_token_signer.sign(delivery_id.hex)}/"


def delivery_id_from_token(token: str) -> UUID | None:
    """Return the delivery a callback's token stands for, or None for a token we never gave out."""
    try:
        return UUID(_token_signer.unsign(token))
    except (BadSignature, ValueError):
        return None


def is_signature_valid(path: str, fields: Mapping[str, Any], *, signature: str) -> bool:
    """Tell whether Twilio signed these fields for the address we gave it; False while we hold no auth token."""
    from twilio.request_validator import RequestValidator

    if not settings.TWILIO_AUTH_TOKEN:
        return False
    return RequestValidator(settings.TWILIO_AUTH_TOKEN).validate(settings.PUBLIC_URL + path, fields, signature)


def _http_client():
    """Return the SDK's way out: our pool. Its own has no time-out, opens a session per call and logs the text."""
    from twilio.http import HttpClient as TwilioHttpClient
    from twilio.http.response import Response
    from urllib3.util import make_headers

    class PooledClient(TwilioHttpClient):
        def __init__(self) -> None:
            super().__init__(logging.getLogger("twilio"), is_async=False)
            self._http = HttpClient()

        def request(self, method, uri, params=None, data=None, headers=None, auth=None, **unused):
            credentials = make_headers(basic_auth=":".join(auth))
            url = settings.TWILIO_BASE_URL + uri.removeprefix(SDK_BASE_URL)
            with catch_build_errors():
                body = urlencode(data, doseq=True)
            answer = self._http.post(url, body=body, headers={**headers, **credentials})
            if answer.status >= 400:
                raise SendError(SendStatus.REFUSED, _reason(answer.text))
            # The SDK would read the message's details; that it was taken is all we ask.
            return Response(answer.status, "{}")

    return PooledClient()


def _reason(text: str) -> str:
    try:
        return f"twilio-{int(json.loads(text)['code'])}"
    except (ValueError, KeyError, TypeError):
        return "refused"
