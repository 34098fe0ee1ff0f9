"""Fixtures of the tests of the workers."""

from datetime import datetime, timedelta

import pytest
import trustme
from django.utils import timezone

from portal.access.kinds import AccessMessageKind
from portal.messaging import services as messaging
from portal.messaging.models import Message
from tenants.context import use_business
from tenants.models import Business, Channel, Delivery, Queue
from tests.fakes.fake_providers import FakeSendGrid, FakeTwilio
from tests.fakes.fake_smtp_server import FakeSmtp
from workers.providers import provider_registry


@pytest.fixture
def now() -> datetime:
    """The time at which a test begins."""
    return timezone.now()


@pytest.fixture
def create_delivery(now):
    """Return a function that enqueues a message and returns its pending delivery."""

    def create_delivery(
        business: Business, *, to: str = "ana@example.com", queue: Queue = Queue.NOTICES, **fields
    ) -> Delivery:
        fields = {
            "kind": AccessMessageKind.ACCESS_ENDED,
            "channel": Channel.EMAIL,
            "lifetime": timedelta(minutes=10),
        } | fields
        with use_business(business):
            message = messaging.build_message(fields["kind"], channel=fields["channel"], to=to, now=now)
            messaging.enqueue_message(message, queue=queue, deadline=now + fields["lifetime"], now=now)
        return Delivery.objects.get(message_id=message.pk)

    return create_delivery


@pytest.fixture
def message_of():
    """Return a function that reads the message of a delivery, in its business."""

    def message_of(delivery: Delivery) -> Message:
        with use_business(delivery.business):
            return Message.objects.get(pk=delivery.message_id)

    return message_of


@pytest.fixture
def timeline_of():
    """Return a function that lists the event types on a business's timeline, oldest first."""
    from portal.activity.models import Entry

    def timeline_of(business: Business) -> list[str]:
        with use_business(business):
            return list(Entry.objects.order_by("at", "pk").values_list("event_type", flat=True))

    return timeline_of


@pytest.fixture(autouse=True)
def _reset_providers():
    """Reset breakers and connections between tests."""
    provider_registry._get_provider_with_breaker.cache_clear()
    yield
    provider_registry._get_provider_with_breaker.cache_clear()


@pytest.fixture
def sendgrid(settings):
    """A fake SendGrid, the first email provider."""
    settings.SENDGRID_API_KEY, settings.EMAIL_PROVIDERS = "SG.test", ["sendgrid"]
    with FakeSendGrid() as server:
        settings.SENDGRID_BASE_URL = server.url
        yield server


@pytest.fixture
def smtp(settings, sendgrid):
    """A fake SMTP server, the second email provider after SendGrid."""
    settings.EMAIL_PROVIDERS = ["sendgrid", "smtp"]
    with FakeSmtp() as server:
        settings.SMTP_URL = server.url
        yield server


@pytest.fixture
def twilio(settings):
    """A fake Twilio, the only text message provider."""
    settings.SMS_PROVIDERS, settings.TWILIO_FROM = ["twilio"], "+15005550006"
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC" + "0" * 32, "twilio-token"
    with FakeTwilio() as server:
        settings.TWILIO_BASE_URL = server.url
        yield server


@pytest.fixture(scope="session")
def certificate_authority(tmp_path_factory):
    """A certificate authority, and the file that makes clients trust it."""
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("tls") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    authority.path = str(path)
    return authority
