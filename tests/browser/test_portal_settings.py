"""Staff change the portal's address and branding, and impersonate clients, in a real browser."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from portal.clients.models import Client
from tenants.context import use_business
from tests.browser.accessibility import find_accessibility_violations
from tests.browser.browser_user import BrowserUser

pytestmark = pytest.mark.browser


def open_portal_page(user: BrowserUser, path: str = "") -> None:
    """Open a page below the Client Portal page."""
    user.open_console(f"portal/{path}")


@pytest.fixture
def console(sabine, portal) -> BrowserUser:
    """Sabine, signed in and at the Client Portal page."""
    sabine.set_session_cookie()
    open_portal_page(sabine)
    return sabine


def test_the_address_is_edited_in_place_and_the_old_one_leads_to_the_new(console, portal, open_browser):
    former_url = portal.url
    console.page.get_by_role("link", name="Edit").click()
    field = console.page.get_by_label("Your portal’s address")
    expect(field).to_be_focused()
    console.wait_for_htmx()

    field.fill("admin")
    expect(console.page.get_by_text("This address is reserved.")).to_be_visible()
    new_slug = f"{portal.host.partition('.')[0]}-berlin"
    field.fill(new_slug)
    expect(console.page.get_by_text(f"{new_slug}.localhost is available.")).to_be_visible()
    console.click_button("Done")

    expect(console.page.get_by_text("Changed. The previous address redirects here permanently.")).to_be_visible()
    expect(console.page).to_have_url(f"{settings.PUBLIC_URL}/console/{new_slug}/portal/")
    client = open_browser(portal)
    client.page.goto(f"{former_url}/sign-in/")
    assert client.page.url.startswith(f"http://{new_slug}.localhost")


def test_the_address_is_copied_by_keyboard_and_said_aloud(console, portal):
    console.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = console.page.get_by_role("button", name="Copy")
    button.focus()
    console.page.keyboard.press("Enter")

    expect(console.page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert console.page.evaluate("navigator.clipboard.readText()") == f"{portal.url}/"


def test_without_a_clipboard_the_address_is_selected(console, portal):
    console.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    console.page.get_by_role("button", name="Copy").press("Space")

    expect(console.page.get_by_role("status").filter(has_text="Selected: press Ctrl+C")).to_be_attached()
    assert console.page.evaluate("getSelection().toString().trim()") == f"{portal.url}/"


def test_the_demo_client_sees_the_portal_in_a_new_tab_and_exits(console, portal):
    with console.context.expect_page() as opened:
        console.page.get_by_role("button", name="View as Demo Client").click()
    tab = opened.value
    expect(tab.get_by_text("Demo client.")).to_be_visible()
    expect(tab).to_have_url(f"{portal.url}/")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Robin")

    tab.get_by_role("button", name="Exit").click()

    expect(tab.get_by_role("heading", name="You have left the client view")).to_be_visible()
    tab.get_by_role("link", name="Back to the console").click()
    expect(tab.get_by_role("heading", name="Client Portal", exact=True)).to_be_visible()
    tab.goto(f"{portal.url}/")
    assert tab.url == f"{portal.url}/sign-in/"


def test_a_real_client_is_impersonated_read_only(console, portal):
    with use_business(portal.business):
        ana = Client.objects.get(name="Ana Pereira")
    open_portal_page(console, f"impersonation/{ana.pk}/")
    console.page.get_by_label("Reason").fill("Ana can’t find her number")
    with console.context.expect_page() as opened:
        console.page.get_by_role("button", name="View the portal").click()
    tab = opened.value
    expect(tab.get_by_text("You are viewing the portal as Ana Pereira.")).to_be_visible()

    tab.goto(f"{portal.url}/account/")
    tab.get_by_role("button", name="Save").click()

    expect(tab.get_by_role("heading", name="Read only")).to_be_visible()


def test_look_and_words_are_previewed_while_they_are_chosen(console, portal, open_browser):
    open_portal_page(console, "branding/")
    preview = console.page.get_by_role("region", name="Preview")
    console.page.get_by_label("Welcome text").fill("Come in, the kettle is on.")
    expect(preview.get_by_text("Come in, the kettle is on.")).to_be_visible()
    console.page.get_by_label("Colour").fill("#ffe680")
    expect(console.page.get_by_text("so we use a darker shade")).to_be_visible()
    expect(preview.locator(".preview-welcome")).to_have_css("background-color", "rgb(255, 230, 128)")

    console.click_button("Save")

    expect(console.page.get_by_text("Saved. Your portal is updated.")).to_be_visible()
    client = open_browser(portal)
    client.open("/sign-in/")
    expect(client.page.get_by_text("Come in, the kettle is on.")).to_be_visible()


def test_the_pages_about_the_portal_are_for_everybody(console):
    problems = []
    for path in ("", "address/", "invitation/?q=a", "branding/", "sign-in/"):
        open_portal_page(console, path)
        problems += find_accessibility_violations(console)
    open_portal_page(console, "domain/")
    console.page.get_by_label("Domain", exact=True).fill("portal.acme.example")
    console.click_button("Add domain")
    expect(console.page.get_by_role("heading", name="portal.acme.example")).to_be_visible()
    problems += find_accessibility_violations(console)

    assert problems == [], "\n".join(problems)


def test_the_portal_under_the_banner_is_for_everybody(console):
    with console.context.expect_page() as opened:
        console.page.get_by_role("button", name="View as Demo Client").click()
    console.page = opened.value
    expect(console.page.get_by_text("Demo client.")).to_be_visible()

    assert find_accessibility_violations(console) == []
