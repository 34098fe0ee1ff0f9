"""Does what a stranger writes reach the people who work there, and do they find the stranger again?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.clients.models import Client
from portal.intake.form_tokens import issue_form_token
from tenants.context import use_business
from tests.browser.accessibility import find_violations
from tests.browser.staff import open_console, resume_session
from tests.browser.visitor import Visitor
from tests.factories import ClientFactory
from tests.portal.intake.people import match_enquiries

pytestmark = pytest.mark.browser


@pytest.fixture
def sabine(sabine) -> Visitor:
    """Sabine, signed in."""
    resume_session(sabine)
    return sabine


def write(visitor: Visitor, **typed: str) -> None:
    """Fill in the contact form as somebody who takes their time, and send it."""
    visitor.open("/contact/")
    for label, words in typed.items():
        visitor.page.get_by_label(label).fill(words)
    send(visitor, taking=timedelta(minutes=1))


def send(visitor: Visitor, *, taking: timedelta) -> None:
    """Send the contact form as if it had been opened so long ago, however fast this machine is."""
    form_token = issue_form_token(visitor.place.business, now=timezone.now() - taking)
    visitor.page.locator("[name=form_token]").evaluate("(field, token) => { field.value = token }", form_token)
    visitor.press("Send")


def write_as_nora(visitor: Visitor) -> None:
    """Send what Nora, whom nobody knows, wants to say, and what somebody says who has Ana's address."""
    write(
        visitor, **{"Your name": "Nora Neumann", "Email address": "nora@example.org", "Your message": "My knee hurts."}
    )
    write(visitor, **{"Your name": "Anna Perreira", "Email address": "ana@example.com", "Your message": "Hello."})
    match_enquiries(visitor.place.business)


@pytest.mark.parametrize("runs_scripts", [True, False], ids=["", "without JavaScript"])
def test_a_stranger_writes_and_is_thanked(place, visit, runs_scripts):
    stranger = visit(place, java_script_enabled=runs_scripts)
    stranger.open("/sign-in/")
    stranger.follow("Contact form")
    if runs_scripts:
        write(stranger, **{"Your name": "Nora", "Email address": "nora@example.org", "Your message": "My knee hurts."})
        expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Thank you")
    else:
        stranger.page.get_by_label("Your name").fill("Nora")
        send(stranger, taking=-timedelta(minutes=1))
        expect(stranger.page.get_by_role("alert")).to_contain_text("too fast")
        expect(stranger.page.get_by_label("Your name")).to_have_value("Nora")


def test_staff_read_it_and_find_the_new_client_by_keyboard(place, visit, sabine):
    write_as_nora(visit(place))
    page, press = sabine.page, sabine.page.keyboard.press
    open_console(sabine, "enquiries/?show=unread")
    sabine.page.get_by_role("link", name="Nora Neumann").click()
    expect(page.get_by_text("My knee hurts.")).to_be_visible()
    sabine.press("Mark as read")
    expect(page.get_by_role("button", name="Mark as unread")).to_be_visible()

    press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("neumnan")
    expect(page.get_by_role("option", name="Nora Neumann")).to_have_attribute("aria-selected", "true")
    press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Nora Neumann")
    with use_business(place.business):
        assert page.url.rstrip("/").endswith(str(Client.objects.get(name="Nora Neumann").pk))


def test_the_keyboard_goes_everywhere(sabine):
    page, press = sabine.page, sabine.page.keyboard.press
    open_console(sabine)
    press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    press("Escape")
    expect(page.get_by_role("combobox")).to_be_hidden()

    press("?")
    expect(page.get_by_role("dialog", name="By keyboard")).to_be_visible()
    page.get_by_label("Shortcuts of a single key are on").uncheck()
    press("Escape")
    press("?")
    expect(page.get_by_role("dialog", name="By keyboard")).to_be_hidden()
    page.reload()
    press("/")
    expect(page.get_by_role("combobox")).to_be_hidden()
    press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()


def test_a_digit_after_g_opens_a_section(sabine):
    # The two keys belong together only for a moment: the page's clock stands still between them.
    sabine.page.clock.install(time=0)
    sabine.page.clock.pause_at(1000)
    open_console(sabine, "settings/")
    sabine.page.keyboard.press("g")
    sabine.page.clock.fast_forward(1000)
    with sabine.page.expect_navigation():
        sabine.page.keyboard.press("1")

    expect(sabine.page.get_by_role("heading", level=1)).to_contain_text("Good")


def test_the_pages_of_enquiries_are_for_everybody(place, visit, sabine):
    write_as_nora(visit(place))
    wrong = []
    for path in ("enquiries/suggestions/", "settings/contact-form/", "search/?q=ana", "enquiries/"):
        open_console(sabine, path)
        wrong += find_violations(sabine)

    sabine.page.keyboard.press("Control+k")
    sabine.page.get_by_role("option").first.wait_for()
    wrong += [f"palette: {violation}" for violation in find_violations(sabine)]
    sabine.page.keyboard.press("Escape")
    sabine.page.keyboard.press("?")
    expect(sabine.page.get_by_role("dialog", name="By keyboard")).to_be_visible()
    wrong += [f"shortcuts: {violation}" for violation in find_violations(sabine)]
    sabine.page.keyboard.press("Escape")
    sabine.page.get_by_role("link", name="Anna Perreira").click()
    expect(sabine.page.get_by_role("button", name="Change the name")).to_be_visible()
    wrong += find_violations(sabine)

    assert wrong == [], "\n".join(wrong)


def test_the_keyboard_is_not_lost_when_the_part_it_was_in_is_replaced(place, sabine):
    with use_business(place.business):
        for number in range(70):
            ClientFactory(name=f"Client {number:02d}", email=f"client.{number}@example.com")
    open_console(sabine, "clients/")
    onward = sabine.page.locator("#pager-after")
    while onward.count():
        onward.focus()
        sabine.page.keyboard.press("Enter")
        sabine.wait_for_part()

    expect(sabine.page.locator("#list:focus, #list :focus")).to_have_count(1)
