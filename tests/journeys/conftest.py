"""Fixtures of the journeys: fake providers and their signed webhooks."""

from tests.api.hooks.conftest import sendgrid_events, twilio_status
from tests.workers.conftest import _reset_providers, sendgrid, smtp, twilio

__all__ = ["_reset_providers", "sendgrid", "sendgrid_events", "smtp", "twilio", "twilio_status"]
