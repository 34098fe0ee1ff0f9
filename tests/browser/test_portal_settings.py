"""Staff change the portal's address and branding in a browser, on accessible pages."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.accessibility_checks import find_accessibility_violations
from tests.browser.console.portal_settings_pages import CustomDomainPage, PortalBrandingPage, PortalSettingsPage

pytestmark = pytest.mark.browser


@pytest.fixture
def portal_settings(sabine) -> PortalSettingsPage:
    """The page "Client Portal", which Sabine has open."""
    sabine.set_session_cookie()
    return PortalSettingsPage.open(sabine)


def test_a_changed_address_is_checked_at_once_and_the_former_one_redirects(
    portal_settings, portal, open_portal_browser
):
    former_url, user = portal.url, portal_settings.user
    portal_settings.edit_address()
    expect(portal_settings.slug_field).to_be_focused()
    user.wait_for_htmx()

    portal_settings.slug_field.fill("admin")
    expect(user.locate_text("This address is reserved.")).to_be_visible()
    new_slug = f"{portal.slug}-berlin"
    portal_settings.slug_field.fill(new_slug)
    expect(user.locate_text(f"{new_slug}.localhost is available.")).to_be_visible()
    portal_settings.save_address()

    expect(user.locate_text("Changed. The previous address redirects here permanently.")).to_be_visible()
    expect(user.page).to_have_url(f"{settings.PUBLIC_URL}/console/{new_slug}/portal/")
    client = open_portal_browser(portal)
    client.page.goto(f"{former_url}/sign-in/")
    assert client.page.url.startswith(f"http://{new_slug}.localhost")


def test_copying_the_address_by_keyboard_is_announced(portal_settings, portal):
    page = portal_settings.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    portal_settings.copy_button.focus()
    page.keyboard.press("Enter")

    expect(portal_settings.user.locate_status("Copied")).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()") == f"{portal.url}/"


def test_the_address_is_selected_where_there_is_no_clipboard(portal_settings, portal):
    page = portal_settings.page
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    portal_settings.copy_button.press("Space")

    expect(portal_settings.user.locate_status("Selected: press Ctrl+C")).to_be_attached()
    assert page.evaluate("getSelection().toString().trim()") == f"{portal.url}/"


def test_branding_is_previewed_while_it_is_edited_and_applies_when_saved(sabine, portal, open_portal_browser):
    sabine.set_session_cookie()
    branding_page = PortalBrandingPage.open(sabine)
    branding_page.write_welcome("Come in, the kettle is on.")
    expect(branding_page.locate_in_preview("Come in, the kettle is on.")).to_be_visible()
    branding_page.choose_colour("#ffe680")
    expect(sabine.locate_text("so we use a darker shade")).to_be_visible()
    expect(branding_page.previewed_welcome).to_have_css("background-color", "rgb(255, 230, 128)")

    branding_page.save()

    expect(sabine.locate_text("Saved. Your portal is updated.")).to_be_visible()
    client = open_portal_browser(portal)
    client.open("/sign-in/")
    expect(client.locate_text("Come in, the kettle is on.")).to_be_visible()


def test_portal_settings_pages_are_accessible(sabine):
    sabine.set_session_cookie()
    problems = []
    for path in ("", "address/", "invitation/?q=a", "branding/", "sign-in/"):
        sabine.open_console(f"portal/{path}")
        problems += find_accessibility_violations(sabine)
    domain_page = CustomDomainPage.open(sabine)
    domain_page.add_domain("portal.acme.example")
    expect(domain_page.locate_domain("portal.acme.example")).to_be_visible()
    problems += find_accessibility_violations(sabine)

    assert problems == [], "\n".join(problems)
