"""Staff view the portal as a client, in a new tab of a real browser."""

import pytest
from playwright.sync_api import expect

from portal.clients.models import Client
from tenants.context import use_business
from tests.browser.accessibility_checks import find_accessibility_violations
from tests.browser.console.impersonation_pages import ImpersonationPage
from tests.browser.console.portal_settings_pages import PortalSettingsPage
from tests.browser.staff_user import StaffUser

pytestmark = pytest.mark.browser


@pytest.fixture
def sabine(sabine) -> StaffUser:
    """Sabine's browser. She is signed in."""
    sabine.set_session_cookie()
    return sabine


def test_the_portal_opens_as_the_demo_client_until_staff_exit(sabine, portal):
    portal_tab = PortalSettingsPage.open(sabine).view_as_demo_client()
    expect(sabine.locate_text("Demo client.")).to_be_visible()
    expect(sabine.page).to_have_url(f"{portal.url}/")
    expect(sabine.main_heading).to_contain_text("Robin")

    portal_tab.exit()

    expect(portal_tab.ended_heading).to_be_visible()
    portal_tab.return_to_console()
    expect(PortalSettingsPage(sabine).heading).to_be_visible()
    portal_tab.open_path("/")
    assert sabine.page.url == f"{portal.url}/sign-in/"


def test_impersonating_a_client_is_read_only(sabine, portal):
    with use_business(portal.business):
        ana = Client.objects.get(name="Ana Pereira")
    portal_tab = ImpersonationPage.open_for(sabine, ana).view_portal(reason="Ana can’t find her number")
    expect(sabine.locate_text("You are viewing the portal as Ana Pereira.")).to_be_visible()

    portal_tab.open_path("/account/")
    portal_tab.save()

    expect(portal_tab.read_only_heading).to_be_visible()


def test_the_impersonation_banner_is_accessible(sabine):
    PortalSettingsPage.open(sabine).view_as_demo_client()
    expect(sabine.locate_text("Demo client.")).to_be_visible()

    assert find_accessibility_violations(sabine) == []
