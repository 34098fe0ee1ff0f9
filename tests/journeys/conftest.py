"""Fixtures of the journeys: fake providers and their signed webhooks."""

from tests.api.provider_webhooks.conftest import sendgrid_signer, twilio_signer
from tests.workers.conftest import _reset_providers, sendgrid, smtp, twilio

__all__ = ["_reset_providers", "sendgrid", "sendgrid_signer", "smtp", "twilio", "twilio_signer"]
