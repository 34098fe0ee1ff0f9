"""Browser tests leave nothing behind for one another."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.access.attack_mode import count_failed_attempt
from tenants.models import Business, Delivery, FailedAttemptCount, Platform, StaffEmail
from tests.browser.live_portal import reset_platform
from tests.browser.page_states import ANA
from tests.browser.platform.demo_outbox_page import DemoOutboxPage
from tests.browser.platform.staff_sign_in_pages import StaffSignInPage

pytestmark = pytest.mark.browser


def test_reset_platform_removes_what_a_test_left(ana, sabine, acme):
    now = timezone.now()
    ana.request_code(ANA)
    ana.fetch_code(ANA)
    StaffSignInPage.open(sabine).request_code(sabine.person.email)
    count_failed_attempt(business=acme, now=now)
    Platform.objects.update(attack_until=now + timedelta(hours=1))
    assert Delivery.objects.exists()
    assert StaffEmail.objects.exists()

    reset_platform()

    assert set(Business.objects.values_list("hostnames__slug", flat=True)) == {"acme", "globex"}
    assert not any(model.objects.exists() for model in (Delivery, StaffEmail, FailedAttemptCount))
    assert Platform.objects.get().attack_until is None


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_with_an_empty_outbox(ana, turn):
    outbox_page = DemoOutboxPage.open(ana)
    expect(outbox_page.empty_notice).to_be_visible()
    expect(outbox_page.business_filters).to_have_text(
        ["All businesses", "Acme Physiotherapy", "Acme Physiotherapy", "Globex Legal", "Portico"]
    )
    ana.request_code(ANA)
    ana.fetch_code(ANA)
