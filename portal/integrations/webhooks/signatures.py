"""Signatures of webhooks, as https://www.standardwebhooks.com describes them."""

import base64
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
SECRET_BYTES = 32


def generate_secret() -> str:
    """Return a new secret of 256 random bits in the form that the libraries of receivers take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def build_signed_headers(
    event_id: str, body: str, signing_secrets: Sequence[str], *, user_agent: str, now: datetime
) -> dict[str, str]:
    """Return the headers of one attempt: the event's id, the time, and a signature by each secret."""
    # The library takes the time as if it were in UTC, whatever its zone.
    at = now.astimezone(UTC)
    signatures = [Webhook(secret).sign(event_id, at, body) for secret in signing_secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": user_agent,
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
