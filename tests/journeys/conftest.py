"""What does a journey have? The providers of our own, and what they sign with."""

from tests.api.hooks.conftest import sendgrid_events, twilio_status
from tests.workers.conftest import _reset_provider_channels, sendgrid, smtp, twilio

__all__ = ["_reset_provider_channels", "sendgrid", "sendgrid_events", "smtp", "twilio", "twilio_status"]
