"""A business's own website shows the contact form: in its page or in a dialog, without cookies and JavaScript."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from portal.intake.models import Enquiry
from tenants.context import use_business
from tests.browser.portal.embedding_website import EmbeddingWebsite

pytestmark = pytest.mark.browser


@pytest.fixture
def open_website(chromium_browser, portal) -> Iterator[Callable[..., EmbeddingWebsite]]:
    """Return a function that opens a browser at the business's own website."""
    websites: list[EmbeddingWebsite] = []

    def open_website(**context: bool) -> EmbeddingWebsite:
        websites.append(EmbeddingWebsite(chromium_browser, portal, **context))
        return websites[-1]

    yield open_website
    for website in websites:
        website.close()


def count_enquiries(portal) -> int:
    """Return how many enquiries the business has."""
    with use_business(portal.business):
        return Enquiry.objects.count()


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_visitor_of_the_website_sends_the_form_without_cookies(open_website, portal, java_script_enabled):
    website = open_website(java_script_enabled=java_script_enabled)
    website.list_at_business()
    website.open(website.inline_snippet)

    website.send_form()

    expect(website.form.get_by_role("heading", name="Thank you")).to_be_visible()
    assert website.context.cookies() == []
    assert count_enquiries(portal) == 1


def test_the_frame_gets_the_height_of_its_form(open_website):
    website = open_website()
    website.list_at_business()
    website.open(website.inline_snippet)
    frame = website.page.locator("iframe")

    expect(frame).to_have_attribute("style", "height: " + measure_form(website))
    website.send_form()
    expect(website.form.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(frame).to_have_attribute("style", "height: " + measure_form(website))


def measure_form(website: EmbeddingWebsite) -> str:
    """Return the height of what the frame shows, as the website's style sheet would say it."""
    return f"{website.form.locator('main').evaluate('main => main.offsetHeight')}px;"


def test_the_button_opens_the_form_in_a_dialog(open_website, portal):
    website = open_website()
    website.list_at_business()
    website.open(website.dialog_snippet)

    website.page.get_by_role("link", name="Write to us").click()
    website.send_form()
    expect(website.form.get_by_role("heading", name="Thank you")).to_be_visible()
    website.page.get_by_role("button", name="Close").click()

    expect(website.page.get_by_role("dialog")).to_have_count(0)
    assert count_enquiries(portal) == 1


def test_escape_in_the_form_closes_the_dialog(open_website):
    website = open_website()
    website.list_at_business()
    website.open(website.dialog_snippet)
    website.page.get_by_role("link", name="Write to us").click()

    website.form.get_by_label("Your name").focus()
    # Not pressed on the field, whose frame goes away with the key: Playwright would wait for it.
    website.page.keyboard.press("Escape")

    expect(website.page.get_by_role("dialog")).to_have_count(0)


def test_a_website_that_is_not_listed_shows_no_form(open_website):
    website = open_website()
    with website.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        website.open(website.inline_snippet)

    expect(website.form.get_by_role("heading", name="Write to us")).to_have_count(0)
