"""An enquiry sent in a browser reaches the staff, who find its author by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.clients.models import Client
from portal.intake.form_tokens import issue_form_token
from tenants.context import use_business
from tests.browser.accessibility import find_accessibility_violations
from tests.browser.browser_user import BrowserUser
from tests.factories import ClientFactory
from tests.portal.intake.people import match_enquiries

pytestmark = pytest.mark.browser


@pytest.fixture
def sabine(sabine) -> BrowserUser:
    """Sabine, signed in."""
    sabine.set_session_cookie()
    return sabine


def fill_in_contact_form(user: BrowserUser, **fields: str) -> None:
    """Fill in the contact form as somebody who takes their time, and send it."""
    user.open("/contact/")
    for label, expected_text in fields.items():
        user.page.get_by_label(label).fill(expected_text)
    submit_contact_form(user, taking=timedelta(minutes=1))


def submit_contact_form(user: BrowserUser, *, taking: timedelta) -> None:
    """Send the contact form as if it had been opened so long ago, however fast this machine is."""
    form_token = issue_form_token(user.portal.business, now=timezone.now() - taking)
    user.page.locator("[name=form_token]").evaluate("(field, token) => { field.value = token }", form_token)
    user.click_button("Send")


def submit_enquiries(user: BrowserUser) -> None:
    """Send what Nora, whom nobody knows, wants to say, and what somebody says who has Ana's address."""
    fill_in_contact_form(
        user, **{"Your name": "Nora Neumann", "Email address": "nora@example.org", "Your message": "My knee hurts."}
    )
    fill_in_contact_form(
        user, **{"Your name": "Anna Perreira", "Email address": "ana@example.com", "Your message": "Hello."}
    )
    match_enquiries(user.portal.business)


@pytest.mark.parametrize("runs_scripts", [True, False], ids=["", "without JavaScript"])
def test_a_stranger_writes_and_is_thanked(portal, open_browser, runs_scripts):
    stranger = open_browser(portal, java_script_enabled=runs_scripts)
    stranger.open("/sign-in/")
    stranger.click_link("Contact form")
    if runs_scripts:
        fill_in_contact_form(
            stranger, **{"Your name": "Nora", "Email address": "nora@example.org", "Your message": "My knee hurts."}
        )
        expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Thank you")
    else:
        stranger.page.get_by_label("Your name").fill("Nora")
        submit_contact_form(stranger, taking=-timedelta(minutes=1))
        expect(stranger.page.get_by_role("alert")).to_contain_text("too quickly")
        expect(stranger.page.get_by_label("Your name")).to_have_value("Nora")


def test_staff_read_it_and_find_the_new_client_by_keyboard(portal, open_browser, sabine):
    submit_enquiries(open_browser(portal))
    page, press = sabine.page, sabine.page.keyboard.press
    sabine.open_console("enquiries/?show=unread")
    sabine.page.get_by_role("link", name="Nora Neumann").click()
    expect(page.get_by_text("My knee hurts.")).to_be_visible()
    sabine.click_button("Mark as read")
    expect(page.get_by_role("button", name="Mark as unread")).to_be_visible()

    press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("neumnan")
    expect(page.get_by_role("option", name="Nora Neumann")).to_have_attribute("aria-selected", "true")
    press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Nora Neumann")
    with use_business(portal.business):
        assert page.url.rstrip("/").endswith(str(Client.objects.get(name="Nora Neumann").pk))


def test_enquiries_are_handled_by_keyboard(sabine):
    page, press = sabine.page, sabine.page.keyboard.press
    sabine.open_console()
    press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    press("Escape")
    expect(page.get_by_role("combobox")).to_be_hidden()

    press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.get_by_label("Enable single-key shortcuts").uncheck()
    press("Escape")
    press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    page.reload()
    press("/")
    expect(page.get_by_role("combobox")).to_be_hidden()
    press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()


def test_a_digit_after_g_opens_a_section(sabine):
    # The two keys belong together only for a moment: the page's clock stands still between them.
    sabine.page.clock.install(time=0)
    sabine.page.clock.pause_at(1000)
    sabine.open_console("settings/")
    sabine.page.keyboard.press("g")
    sabine.page.clock.fast_forward(1000)
    with sabine.page.expect_navigation():
        sabine.page.keyboard.press("1")

    expect(sabine.page.get_by_role("heading", level=1)).to_contain_text("Good")


def test_the_pages_of_enquiries_are_for_everybody(portal, open_browser, sabine):
    submit_enquiries(open_browser(portal))
    problems = []
    for path in ("enquiries/suggestions/", "settings/contact-form/", "search/?q=ana", "enquiries/"):
        sabine.open_console(path)
        problems += find_accessibility_violations(sabine)

    sabine.page.keyboard.press("Control+k")
    sabine.page.get_by_role("option").first.wait_for()
    problems += [f"palette: {violation}" for violation in find_accessibility_violations(sabine)]
    sabine.page.keyboard.press("Escape")
    sabine.page.keyboard.press("?")
    expect(sabine.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    problems += [f"shortcuts: {violation}" for violation in find_accessibility_violations(sabine)]
    sabine.page.keyboard.press("Escape")
    sabine.page.get_by_role("link", name="Anna Perreira").click()
    expect(sabine.page.get_by_role("button", name="Change the name")).to_be_visible()
    problems += find_accessibility_violations(sabine)

    assert problems == [], "\n".join(problems)


def test_the_keyboard_is_not_lost_when_the_part_it_was_in_is_replaced(portal, sabine):
    with use_business(portal.business):
        for number in range(70):
            ClientFactory(name=f"Client {number:02d}", email=f"client.{number}@example.com")
    sabine.open_console("clients/")
    next_page_link = sabine.page.locator("#pager-after")
    while next_page_link.count():
        next_page_link.focus()
        sabine.page.keyboard.press("Enter")
        sabine.wait_for_htmx()

    expect(sabine.page.locator("#list:focus, #list :focus")).to_have_count(1)
