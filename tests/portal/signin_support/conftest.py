"""Fixtures for the tests of sign-in support."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from portal.access.models import Challenge
from tenants import provider_events
from tenants.context import use_business
from tenants.models import Business, Delivery, DeliveryState, ProviderEvent
from tests.portal.access.sign_in_steps import ANA
from workers.actors.delivery_jobs import apply_event

SUPPORT_URL = "/console/acme/sign-in-help/"


@dataclass
class SigningInClient:
    """A client at a browser of their own, who requests codes and submits them."""

    business: Business
    browser: Browser

    def request_code(self, typed: str = ANA) -> Challenge:
        """Request a code and return its challenge."""
        assert self.browser.post("/sign-in/", {"identifier": typed}).status_code == 302
        with use_business(self.business):
            return Challenge.objects.latest("created_at")

    def report_delivery(self, state: DeliveryState, reason: str = "", *, provider: str = "demo") -> None:
        """Apply a provider's event to the newest delivery."""
        delivery = Delivery.objects.latest("created_at")
        now = timezone.now()
        event = ProviderEvent(
            provider=provider,
            provider_event_id=f"{delivery.pk}/{state}",
            delivery_id=delivery.pk,
            state=state,
            reason=reason,
            happened_at=now,
            received_at=now,
        )
        [stored] = provider_events.store_events([event])
        apply_event(stored, now=now)

    def submit_code(self, code: str):
        """Submit a code."""
        return self.browser.post("/sign-in/code/", {"code": code})

    @property
    def is_signed_in(self) -> bool:
        """Tell whether the portal's home page opens."""
        return self.browser.get("/").status_code == 200


@pytest.fixture
def signing_in_client(acme, ana, portal_client, outbox) -> SigningInClient:
    """Return Ana at her browser."""
    return SigningInClient(acme, portal_client(acme))


@pytest.fixture
def read_page() -> Callable[..., str]:
    """Return a function that reads a page's text as one line."""

    def read_page(browser: Browser, path: str, **data) -> str:
        answer = browser.post(path, data) if data else browser.get(path)
        assert answer.status_code == 200, answer.status_code
        return " ".join(answer.content.decode().split())

    return read_page


@pytest.fixture
def make_older(acme) -> Callable[[timedelta], None]:
    """Return a function that shifts every challenge into the past."""

    def make_older(passed: timedelta) -> None:
        with use_business(acme):
            for challenge in Challenge.objects.all():
                challenge.sent_at = [at - passed for at in challenge.sent_at]
                challenge.created_at -= passed
                challenge.expires_at -= passed
                challenge.save(update_fields=["sent_at", "created_at", "expires_at"])

    return make_older
