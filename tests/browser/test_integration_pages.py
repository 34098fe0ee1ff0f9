"""The pages about webhooks and API keys are accessible: empty, full, and when something is wrong."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from portal.integrations.webhooks import endpoints
from portal.integrations.webhooks.models import DisabledReason, WebhookAttempt, WebhookEndpoint, WebhookEvent
from tenants.api_keys import create_api_key, revoke_api_key
from tenants.context import use_business
from tenants.models import ApiKey, Business, Membership
from tenants.nouns import registry
from tests.browser.accessibility_checks import PHONE_AND_DESKTOP, find_accessibility_violations
from tests.browser.staff_user import StaffUser

pytestmark = pytest.mark.browser

# As long as addresses of automation services are, and without a place to break a line at.
LONG_URL = "https://hooks.example.com/" + "t0k3n" * 40
OUTCOMES = [
    {"succeeded": True, "status": 200, "answer": "fine " * 100},
    {"succeeded": False, "status": 500, "answer": "<html>" + "x" * 500},
    {"succeeded": False, "status": 301},
    {"succeeded": False, "error": "timeout"},
]


class PageChecks:
    """Collects what is wrong with the pages that a member of staff opens."""

    def __init__(self, user: StaffUser):
        self.user = user
        self.problems: list[str] = []

    def check(self, path: str = "") -> None:
        """Check a page of the console, or the one at hand."""
        if path:
            self.user.open_console(path)
        self.problems += find_accessibility_violations(self.user, sizes=PHONE_AND_DESKTOP)

    def assert_none(self) -> None:
        """Fail with all that is wrong."""
        assert self.problems == [], "\n".join(self.problems)


@pytest.fixture
def checks(sabine) -> PageChecks:
    sabine.set_session_cookie()
    return PageChecks(sabine)


def add_endpoints(business: Business, now: datetime) -> WebhookEndpoint:
    """Add as many endpoints as a business may have, and return the one that fails: the first."""
    types = list(registry.get_webhook_event_types())
    for number in range(endpoints.MAX_ENDPOINTS):
        chosen = types[:number]
        # Each is added at an instant of its own, since they are listed in the order in which they were added.
        added_at = now - timedelta(minutes=endpoints.MAX_ENDPOINTS - number)
        endpoints.add_endpoint(business=business, url=LONG_URL, event_types=chosen, staff=None, now=added_at)
    failing, off, named, *_others = endpoints.list_endpoints()
    WebhookEndpoint.objects.filter(pk=failing.pk).update(failing_since=now - timedelta(days=1))
    WebhookEndpoint.objects.filter(pk=off.pk).update(is_enabled=False, disabled_reason=DisabledReason.FAILING)
    WebhookEndpoint.objects.filter(pk=named.pk).update(description="Customer relations")
    return failing


def add_attempts(endpoint: WebhookEndpoint, now: datetime) -> WebhookAttempt:
    """Add more attempts than a page shows, of every outcome, and return the one that was refused."""
    event = WebhookEvent.objects.create(
        id=uuid4(), event_type="client.updated", at=now, created_at=now, body='{"data":"' + "x" * 500 + '"}'
    )
    for number in range(30):
        fields = OUTCOMES[number % len(OUTCOMES)] | {"url": endpoint.url, "duration_ms": 140, "number": number + 1}
        next_at = None if fields["succeeded"] else now + timedelta(hours=1)
        WebhookAttempt.objects.create(
            endpoint=endpoint, event=event, at=now - timedelta(minutes=number), next_attempt_at=next_at, **fields
        )
    return endpoint.attempts.get(number=2)


def add_keys(membership: Membership, now: datetime) -> ApiKey:
    """Add keys in every state, and return one that can be used."""
    fields = {"membership": membership, "now": now, "scopes": [*registry.get_api_scopes()]}
    usable = create_api_key(name="Sync " * 10, allowed_networks=["192.0.2.0/24", "2001:db8::/32"], **fields)
    create_api_key(name="Expired", expires_at=now - timedelta(days=1), **fields)
    create_api_key(name="Expires soon", expires_at=now + timedelta(days=1), **fields)
    revoke_api_key(key=create_api_key(name="Revoked", **fields).key, now=now)
    return usable.key


def test_pages_without_a_webhook(checks):
    checks.check("settings/webhooks/")
    checks.check("settings/webhooks/new/")
    checks.user.page.locator("[name=url]").fill("http://10.0.0.1/")
    checks.user.click_button("Add")
    checks.check()
    checks.assert_none()


def test_pages_of_many_webhooks_that_fail(checks, portal):
    now = timezone.now()
    with use_business(portal.business):
        failing = add_endpoints(portal.business, now)
        attempt = add_attempts(failing, now)
        off, never_used = endpoints.list_endpoints()[1:3]
    for path in (
        "",
        *(f"{endpoint.pk}/" for endpoint in (failing, off, never_used)),
        f"{failing.pk}/edit/",
        f"{failing.pk}/attempts/{attempt.pk}/",
    ):
        checks.check(f"settings/webhooks/{path}")
    checks.assert_none()


def test_the_page_that_shows_a_secret(checks, portal):
    with use_business(portal.business):
        endpoint = endpoints.add_endpoint(business=portal.business, url=LONG_URL, staff=None, now=timezone.now())
    checks.user.open_console(f"settings/webhooks/{endpoint.pk}/")
    checks.user.click_button("Show the secret")
    checks.check()
    checks.assert_none()


def test_pages_of_api_keys(checks, portal):
    checks.check("settings/api-keys/")
    checks.check("settings/api-keys/new/")
    checks.user.click_button("Create the key")
    checks.check()
    checks.user.page.get_by_role("textbox", name="Name", exact=True).fill("Sync")
    checks.user.click_button("Create the key")
    checks.check()
    key = add_keys(Membership.objects.get(person=checks.user.person), timezone.now())
    for path in ("", f"{key.pk}/replacement/", f"{key.pk}/revocation/"):
        checks.check(f"settings/api-keys/{path}")
    checks.assert_none()
