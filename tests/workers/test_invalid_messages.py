"""A message from which no request can be built fails without harm to others."""

import pytest

from portal.messaging import rendering
from tenants.models import Channel, DeliveryState
from workers.actors.delivery_jobs import deliver_now
from workers.providers.provider_registry import list_providers_for_channel


@pytest.mark.parametrize("provider", ["sendgrid", "smtp", "twilio"])
def test_an_unbuildable_message_fails_without_opening_the_breaker(
    acme, create_delivery, settings, smtp, twilio, provider, monkeypatch
):
    channel = Channel.SMS if provider == "twilio" else Channel.EMAIL
    settings.EMAIL_PROVIDERS, settings.BREAKER_FAILURE_THRESHOLD = [provider], 1
    wording = rendering.RenderedMessage(subject="two\nlines", text="half a \ud83d", html="")
    monkeypatch.setattr(rendering, "render_message", lambda *_message, **_language: wording)
    if provider == "sendgrid":
        monkeypatch.setattr("workers.providers.sendgrid.json.dumps", _refuse_mail)
    delivery = create_delivery(
        acme, channel=channel, to="+15005550009" if channel == Channel.SMS else "ana@example.com"
    )

    deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == (DeliveryState.FAILED, "unrenderable")
    [provider] = list_providers_for_channel(channel)
    assert provider.breaker.allow_call()


def _refuse_mail(_mail):
    raise TypeError
