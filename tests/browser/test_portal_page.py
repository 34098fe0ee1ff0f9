"""Can staff change the portal's address, copy it, dress the portal and see it as a client does, in a real browser?"""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from portal.clients.models import Client
from tenants.context import use_business
from tests.browser.accessibility import find_violations
from tests.browser.staff import open_console, resume_session
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def go(visitor: Visitor, path: str = "") -> None:
    """Open a page below the Client Portal page."""
    open_console(visitor, f"portal/{path}")


@pytest.fixture
def desk(sabine, place) -> Visitor:
    """Sabine, signed in and at the Client Portal page."""
    resume_session(sabine)
    go(sabine)
    return sabine


def test_the_address_is_edited_in_place_and_the_old_one_leads_to_the_new(desk, place, visit):
    former = place.url
    desk.page.get_by_role("link", name="Edit").click()
    field = desk.page.get_by_label("Your portal’s address")
    expect(field).to_be_focused()

    field.fill("admin")
    expect(desk.page.get_by_text("This address is reserved.")).to_be_visible()
    wished = f"{place.host.partition('.')[0]}-berlin"
    field.fill(wished)
    expect(desk.page.get_by_text(f"{wished}.localhost is free.")).to_be_visible()
    desk.press("Done")

    expect(desk.page.get_by_text("Changed. The former address leads here for ever.")).to_be_visible()
    expect(desk.page).to_have_url(f"{settings.PUBLIC_URL}/console/{wished}/portal/")
    client = visit(place)
    client.page.goto(f"{former}/sign-in/")
    assert client.page.url.startswith(f"http://{wished}.localhost")


def test_the_address_is_copied_by_keyboard_and_said_aloud(desk, place):
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = desk.page.get_by_role("button", name="Copy")
    button.focus()
    desk.page.keyboard.press("Enter")

    expect(desk.page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert desk.page.evaluate("navigator.clipboard.readText()") == f"{place.url}/"


def test_without_a_clipboard_the_address_is_selected(desk, place):
    desk.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    desk.page.get_by_role("button", name="Copy").press("Space")

    expect(desk.page.get_by_role("status").filter(has_text="Selected: press Ctrl+C")).to_be_attached()
    assert desk.page.evaluate("getSelection().toString().trim()") == f"{place.url}/"


def test_the_demo_client_sees_the_portal_in_a_new_tab_and_exits(desk, place):
    with desk.context.expect_page() as opened:
        desk.page.get_by_role("button", name="View as Demo Client").click()
    tab = opened.value
    expect(tab.get_by_text("Demo client.")).to_be_visible()
    expect(tab).to_have_url(f"{place.url}/")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Robin")

    tab.get_by_role("button", name="Exit").click()

    expect(tab.get_by_role("heading", name="Your visit is over")).to_be_visible()
    tab.get_by_role("link", name="Back to the console").click()
    expect(tab.get_by_role("heading", name="Client Portal", exact=True)).to_be_visible()
    tab.goto(f"{place.url}/")
    assert tab.url == f"{place.url}/sign-in/"


def test_a_real_client_s_portal_is_looked_at_and_left_as_it_is(desk, place):
    with use_business(place.business):
        ana = Client.objects.get(name="Ana Pereira")
    go(desk, f"impersonation/{ana.pk}/")
    desk.page.get_by_label("Why do you look?").fill("Ana can’t find her number")
    with desk.context.expect_page() as opened:
        desk.page.get_by_role("button", name="View the portal").click()
    tab = opened.value
    expect(tab.get_by_text("You look at the portal of Ana Pereira.")).to_be_visible()

    tab.goto(f"{place.url}/profile/")
    tab.get_by_role("button", name="Save").click()

    expect(tab.get_by_role("heading", name="You can look, and change nothing")).to_be_visible()


def test_look_and_words_are_previewed_while_they_are_chosen(desk, place, visit):
    go(desk, "branding/")
    preview = desk.page.get_by_role("region", name="Preview")
    desk.page.get_by_label("Welcome text").fill("Come in, the kettle is on.")
    expect(preview.get_by_text("Come in, the kettle is on.")).to_be_visible()
    desk.page.get_by_label("Colour").fill("#ffe680")
    expect(desk.page.get_by_text("so we darken it")).to_be_visible()
    expect(preview.locator(".preview-welcome")).to_have_css("background-color", "rgb(255, 230, 128)")

    desk.press("Save")

    expect(desk.page.get_by_text("Saved. Your portal shows it already.")).to_be_visible()
    client = visit(place)
    client.open("/sign-in/")
    expect(client.page.get_by_text("Come in, the kettle is on.")).to_be_visible()


def test_the_pages_about_the_portal_are_for_everybody(desk):
    wrong = []
    for path in ("", "address/", "invitation/?q=a", "branding/", "sign-in/"):
        go(desk, path)
        wrong += find_violations(desk)
    go(desk, "domain/")
    desk.page.get_by_label("Domain", exact=True).fill("portal.acme.example")
    desk.press("Add the domain")
    expect(desk.page.get_by_role("heading", name="portal.acme.example")).to_be_visible()
    wrong += find_violations(desk)

    assert wrong == [], "\n".join(wrong)


def test_the_portal_under_the_banner_is_for_everybody(desk):
    with desk.context.expect_page() as opened:
        desk.page.get_by_role("button", name="View as Demo Client").click()
    desk.page = opened.value
    expect(desk.page.get_by_text("Demo client.")).to_be_visible()

    assert find_violations(desk) == []
