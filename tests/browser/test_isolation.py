"""Browser tests leave nothing behind for one another."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.access.attack_mode import count_failed_attempt
from tenants.models import Business, Delivery, FailedAttemptBucket, Platform, StaffEmail
from tests.browser.live_portal import reset_platform
from tests.browser.pages import ANA
from tests.browser.staff import SIGN_IN

pytestmark = pytest.mark.browser


def test_nothing_is_left_of_what_a_test_did(ana, sabine, acme):
    now = timezone.now()
    ana.request_code(ANA)
    ana.fetch_code(ANA)
    sabine.open_platform(SIGN_IN)
    sabine.page.get_by_label("Email address").fill(sabine.person.email)
    sabine.click_button("Email me a code")
    count_failed_attempt(business=acme, now=now)
    Platform.objects.update(attack_until=now + timedelta(hours=1))
    assert Delivery.objects.exists()
    assert StaffEmail.objects.exists()

    reset_platform()

    assert set(Business.objects.values_list("hostnames__slug", flat=True)) == {"acme", "globex"}
    assert not any(model.objects.exists() for model in (Delivery, StaffEmail, FailedAttemptBucket))
    assert Platform.objects.get().attack_until is None


@pytest.mark.parametrize("turn", [1, 2])
def test_the_outbox_is_a_test_s_own_whoever_went_before(ana, turn):
    ana.open_platform("/dev/outbox/")
    expect(ana.page.get_by_role("heading", name="Nothing sent yet")).to_be_visible()
    expect(ana.page.locator(".chips a")).to_have_text(
        ["All businesses", "Acme Physiotherapy", "Acme Physiotherapy", "Globex Legal", "Portico"]
    )
    ana.request_code(ANA)
    ana.fetch_code(ANA)
