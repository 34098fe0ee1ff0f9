"""Staff merge two cards of one person in a browser, and every page of a card is accessible."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from portal.clients.models import Client, Note, Suggestion, Tag
from portal.clients.services import update_search_text
from tenants.context import use_business
from tests.browser.accessibility import PHONE_AND_DESKTOP, find_accessibility_violations
from tests.factories import ClientFactory, ClientSessionFactory

pytestmark = pytest.mark.browser

PAGES = ("", "timeline/", "contacts/", "notes/", "sessions/", "edit/", "merge/", "erasure/")


@pytest.fixture
def cards(portal):
    """Two cards of Ana, with something on each."""
    with use_business(portal.business):
        kept = Client.objects.get(name="Ana Pereira")
        gone = ClientFactory(name="A. Pereira", email="ana@work.example", mobile="+447700900101", language="de")
        kept.tags.add(Tag.objects.create(name="Regular", colour="teal"))
        Note.objects.create(client=gone, body="Left knee.", author_name="Timo", created_at=timezone.now())
        ClientSessionFactory(client=kept, expires_at=timezone.now() + timedelta(hours=1))
        Suggestion.objects.create(
            client=kept, kind="name", value="Ana Maria Pereira", source="contact-form", created_at=timezone.now()
        )
        update_search_text([kept.pk, gone.pk])
    return kept, gone


@pytest.fixture
def console(sabine, cards):
    """Sabine, signed in, with Ana's card before her."""
    sabine.set_session_cookie()
    sabine.card = f"/console/{sabine.portal.slug}/clients/{cards[0].pk}/"
    sabine.open_platform(sabine.card)
    return sabine


def test_two_cards_become_one(console, cards):
    console.page.get_by_role("button", name="More", exact=True).click()
    console.click_link("Merge with another card")
    console.page.get_by_role("link", name="Compare A. Pereira").click()
    row = console.page.get_by_role("row", name="Language")
    expect(row.get_by_role("cell").last).to_have_text("Deutsch")
    outcome = console.page.get_by_role("row", name="Name").get_by_role("cell").last
    expect(outcome.get_by_text("Ana Pereira")).to_be_visible()
    console.page.get_by_role("radio", name="Name A. Pereira").check()
    expect(outcome.get_by_text("A. Pereira", exact=True)).to_be_visible()
    expect(outcome.get_by_text("Ana Pereira")).to_be_hidden()
    console.click_button("Merge the two cards")

    expect(console.page.locator("#messages")).to_contain_text("Merged.")
    expect(console.page.get_by_role("link", name="ana@work.example")).to_be_visible()
    console.page.get_by_role("link", name="Notes 1").click()
    expect(console.page.get_by_text("Left knee.")).to_be_visible()
    console.open_platform(console.card.replace(str(cards[0].pk), str(cards[1].pk)))
    expect(console.page.get_by_role("heading", level=1)).to_have_text("A. Pereira")
    expect(console.page).to_have_url(settings.PUBLIC_URL + console.card)


def test_the_menu_of_actions_opens_and_closes_by_keyboard(console):
    more = console.page.get_by_role("button", name="More", exact=True)
    more.focus()
    console.page.keyboard.press("Enter")
    expect(console.page.get_by_role("link", name="Erase")).to_be_visible()
    console.page.keyboard.press("Tab")
    expect(console.page.get_by_role("link", name="Merge with another card")).to_be_focused()
    console.page.keyboard.press("Escape")

    expect(console.page.get_by_role("link", name="Erase")).to_be_hidden()
    expect(more).to_be_focused()


def test_the_copy_is_downloaded_as_often_as_one_likes(console):
    console.page.get_by_role("button", name="More", exact=True).click()
    for _press in range(2):
        with console.page.expect_download() as download:
            console.page.get_by_role("button", name="Download personal data").click()
        assert download.value.suggested_filename.endswith(".zip")


def test_every_page_of_a_card_is_for_everybody(console, cards):
    problems = []
    for page in (*PAGES, f"merge/{cards[1].pk}/"):
        console.open_platform(console.card + page)
        problems += find_accessibility_violations(console, sizes=PHONE_AND_DESKTOP)

    assert problems == [], "\n".join(problems)


def test_the_tab_we_are_on_is_in_sight_on_a_phone(console):
    console.page.set_viewport_size({"width": 360, "height": 740})
    console.open_platform(console.card + "sessions/")

    expect(console.page.get_by_role("navigation", name="On this card").get_by_text("Sessions")).to_be_in_viewport(
        ratio=1
    )
