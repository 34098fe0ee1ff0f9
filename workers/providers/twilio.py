"""Text messages through Twilio, and verification of its status callbacks."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from tenants import database_clock
from tenants.senders import get_text_sender
from workers.providers.base import OutgoingMessage, SendError, SendResult, SendStatus, catch_build_errors
from workers.providers.http_client import HttpClient

# The base URL built into the SDK; TWILIO_BASE_URL replaces it.
SDK_BASE_URL = "https://api.twilio.com"
MESSAGING_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
# The longest validity period that Twilio accepts.
MAX_VALIDITY_SECONDS = 14_400
SIGNING_SALT = "hooks.twilio"


class TwilioProvider:
    """Sends texts through Twilio's Messages API, with one client per process."""

    name = "twilio"

    def __init__(self) -> None:
        from twilio.rest import Client

        self._client = Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=_build_http_client())

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Send a text; the callback URL names its delivery."""
        sender = get_text_sender(outgoing.sender)
        is_service = bool(MESSAGING_SERVICE.fullmatch(sender))
        message = self._client.messages.create(
            to=outgoing.to,
            body=outgoing.text,
            status_callback=build_callback_url(outgoing.delivery_id),
            validity_period=_compute_validity_seconds(outgoing),
            **{"messaging_service_sid" if is_service else "from_": sender},
        )
        return SendResult(SendStatus.ACCEPTED, message_id=message.sid or "")


def _compute_validity_seconds(outgoing: OutgoingMessage) -> int:
    """Return how many seconds Twilio may try, so that no expired code is delivered."""
    left = (outgoing.deadline_at - database_clock.now()).total_seconds()
    return int(min(max(left, 1), MAX_VALIDITY_SECONDS))


def build_callback_url(delivery_id: UUID) -> str:
    """Return the URL where Twilio reports on a delivery, from the configured PUBLIC_URL."""
    return f"{settings.PUBLIC_URL}{build_callback_path(sign_delivery_id(delivery_id))}"


def build_callback_path(token: str) -> str:
    """Return the path of the URL with this token, as Twilio was given it."""
    return f"/hooks/twilio/{token}/"


def sign_delivery_id(delivery_id: UUID) -> str:
    """Return the token by which a callback names its delivery."""
    return Signer(salt=SIGNING_SALT).sign(delivery_id.hex)


def read_delivery_id(token: str) -> UUID | None:
    """Return the delivery id in the token of a callback, or None if the token is not signed by us."""
    try:
        return UUID(Signer(salt=SIGNING_SALT).unsign(token))
    except (BadSignature, ValueError):
        return None


def is_signature_valid(path: str, fields: Mapping[str, Any], *, signature: str) -> bool:
    """Return whether Twilio signed these fields for our URL; False without a configured auth token."""
    from twilio.request_validator import RequestValidator

    tokens = [settings.TWILIO_AUTH_TOKEN, *settings.TWILIO_AUTH_TOKEN_FALLBACKS]
    url = settings.PUBLIC_URL + path
    return any(RequestValidator(token).validate(url, fields, signature) for token in tokens if token)


def _build_http_client():
    """Return an HTTP client for the SDK that uses our pool.

    The default one has no time-out, opens a session per call and logs the text.
    """
    from twilio.http import HttpClient as TwilioHttpClient
    from twilio.http.response import Response
    from urllib3.util import make_headers

    class PooledTwilioClient(TwilioHttpClient):
        def __init__(self) -> None:
            super().__init__(logging.getLogger("twilio"), is_async=False)
            self._http = HttpClient()

        def request(self, method, uri, params=None, data=None, headers=None, auth=None, **unused):
            credentials = make_headers(basic_auth=":".join(auth))
            url = settings.TWILIO_BASE_URL + uri.removeprefix(SDK_BASE_URL)
            with catch_build_errors():
                body = urlencode(data, doseq=True)
            response = self._http.post(url, body=body, headers={**headers, **credentials})
            if response.status >= 400:
                raise SendError(SendStatus.REFUSED, _derive_reason_code(response.text))
            # The SDK would parse the details of the message; only its id matters.
            return Response(response.status, json.dumps({"sid": _read_message_id(response.text)}))

    return PooledTwilioClient()


def _read_message_id(text: str) -> str:
    """Return the id of an accepted text; empty if the response could not be read to its end."""
    try:
        return str(json.loads(text)["sid"])
    except (ValueError, KeyError, TypeError):
        return ""


def _derive_reason_code(text: str) -> str:
    try:
        return f"twilio-{int(json.loads(text)['code'])}"
    except (ValueError, KeyError, TypeError):
        return "refused"
