"""Signers that post webhook requests as SendGrid and Twilio do."""

import base64
import json
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from twilio.request_validator import RequestValidator

from tests.workers.conftest import _reset_providers, create_delivery, message_of, now, sendgrid, timeline_of, twilio

__all__ = ["_reset_providers", "create_delivery", "message_of", "now", "sendgrid", "timeline_of", "twilio"]

PLATFORM = {"host": "localhost"}


class SendGridSigner:
    """Signs and posts events as SendGrid does."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public_key = base64.b64encode(der).decode()

    def headers(self, body: bytes, timestamp: str = "1800000000") -> dict[str, str]:
        """Return the signature headers for these bytes."""
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        }

    def post(self, events, *, body: bytes | None = None, headers: dict[str, str] | None = None):
        """Post events, or any bytes, signed unless other headers are given."""
        body = json.dumps(events).encode() if body is None else body
        headers = self.headers(body) if headers is None else headers
        return post_as_provider("/hooks/sendgrid/", body, "application/json", headers)


class TwilioSigner:
    """Signs and posts status callbacks as Twilio does, for a public URL."""

    def __init__(self, token: str, public_url: str):
        self._validator, self._public_url = RequestValidator(token), public_url

    def post(self, path: str, fields, *, signed_url: str | None = None, signature: str | None = None, **headers):
        """Post fields, signed for the configured address unless another is given."""
        signature = signature or self._validator.compute_signature(signed_url or self._public_url + path, fields)
        headers = {"X-Twilio-Signature": signature} | headers
        return post_as_provider(
            path, urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded", headers
        )


def post_as_provider(path: str, body: bytes, content_type: str, headers: dict[str, str]):
    """Post to the platform's host, with CSRF protection as in production."""
    browser = Client(enforce_csrf_checks=True, headers=PLATFORM, raise_request_exception=True)
    return browser.post(path, body, content_type=content_type, headers=PLATFORM | headers)


@pytest.fixture
def sendgrid_signer(settings) -> SendGridSigner:
    """A signer whose public key is configured."""
    signer = SendGridSigner()
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = signer.public_key
    return signer


@pytest.fixture
def twilio_signer(settings) -> TwilioSigner:
    """A signer whose auth token is configured."""
    settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_URL = "twilio-token", "https://portico.example"
    return TwilioSigner("twilio-token", "https://portico.example")
