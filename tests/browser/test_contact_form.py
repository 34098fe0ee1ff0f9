"""An enquiry sent with the contact form reaches the staff, who read it in the console."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.clients.models import Client
from tenants.context import use_business
from tests.browser.accessibility_checks import find_accessibility_violations
from tests.browser.console.command_palette_page import CommandPalette, ShortcutsDialog
from tests.browser.console.enquiry_pages import EnquiriesPage
from tests.browser.portal.contact_form_page import ContactFormPage
from tests.browser.portal_visitor import PortalVisitor
from tests.browser.staff_user import StaffUser
from tests.portal.intake.contact_form_steps import match_enquiries

pytestmark = pytest.mark.browser


@pytest.fixture
def sabine(sabine) -> StaffUser:
    """Sabine's browser. She is signed in."""
    sabine.set_session_cookie()
    return sabine


def send_enquiry(visitor: PortalVisitor, *, name: str, email: str, message: str) -> None:
    """Send the contact form."""
    contact_form = ContactFormPage.open(visitor)
    contact_form.fill_in(name=name, email=email, message=message)
    contact_form.submit()


def send_two_enquiries(visitor: PortalVisitor) -> None:
    """Send an enquiry of Nora, who is no client, and one with Ana's address and a misspelt name."""
    send_enquiry(visitor, name="Nora Neumann", email="nora@example.org", message="My knee hurts.")
    send_enquiry(visitor, name="Anna Perreira", email="ana@example.com", message="Hello.")
    match_enquiries(visitor.portal.business)


def test_a_stranger_can_send_an_enquiry(portal, open_portal_browser):
    stranger = open_portal_browser(portal)
    stranger.open("/sign-in/")
    stranger.click_link("Contact form")
    send_enquiry(stranger, name="Nora", email="nora@example.org", message="My knee hurts.")

    expect(stranger.main_heading).to_have_text("Thank you")


def test_a_form_that_is_sent_too_quickly_keeps_its_entries_without_javascript(portal, open_portal_browser):
    stranger = open_portal_browser(portal, java_script_enabled=False)
    stranger.open("/sign-in/")
    stranger.click_link("Contact form")
    contact_form = ContactFormPage(stranger)
    contact_form.fill_in(name="Nora")
    contact_form.submit(opened_ago=-timedelta(minutes=1))

    expect(stranger.alert).to_contain_text("too quickly")
    expect(contact_form.name_field).to_have_value("Nora")


def test_staff_read_an_enquiry_and_find_its_client_by_keyboard(portal, open_portal_browser, sabine):
    send_two_enquiries(open_portal_browser(portal))
    enquiries_page = EnquiriesPage.open(sabine)
    enquiries_page.show_unread()
    enquiry_page = enquiries_page.open_enquiry("Nora Neumann")
    expect(sabine.locate_text("My knee hurts.")).to_be_visible()
    enquiry_page.mark_read()
    expect(enquiry_page.mark_unread_button).to_be_visible()

    palette = CommandPalette(sabine)
    palette.open()
    expect(palette.search_field).to_be_focused()
    sabine.page.keyboard.type("neumnan")
    expect(palette.locate_option("Nora Neumann")).to_have_attribute("aria-selected", "true")
    sabine.page.keyboard.press("Enter")

    expect(sabine.main_heading).to_contain_text("Nora Neumann")
    with use_business(portal.business):
        assert sabine.page.url.rstrip("/").endswith(str(Client.objects.get(name="Nora Neumann").pk))


def test_enquiry_pages_are_accessible(portal, open_portal_browser, sabine):
    send_two_enquiries(open_portal_browser(portal))
    problems = []
    for path in ("enquiries/suggestions/", "settings/contact-form/", "search/?q=ana", "enquiries/"):
        sabine.open_console(path)
        problems += find_accessibility_violations(sabine)

    palette = CommandPalette(sabine)
    palette.open()
    palette.options.first.wait_for()
    problems += [f"palette: {violation}" for violation in find_accessibility_violations(sabine)]
    palette.close()
    shortcuts = ShortcutsDialog(sabine)
    shortcuts.open()
    expect(shortcuts.dialog).to_be_visible()
    problems += [f"shortcuts: {violation}" for violation in find_accessibility_violations(sabine)]
    shortcuts.close()
    enquiry_page = EnquiriesPage(sabine).open_enquiry("Anna Perreira")
    expect(enquiry_page.accept_name_button).to_be_visible()
    problems += find_accessibility_violations(sabine)

    assert problems == [], "\n".join(problems)
