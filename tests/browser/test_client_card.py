"""Staff merge two cards of one person in a browser, and every page of a card is accessible."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.clients.models import Client, Note, Suggestion, Tag
from portal.clients.services import update_search_text
from tenants.context import use_business
from tests.browser.accessibility_checks import PHONE_AND_DESKTOP, find_accessibility_violations
from tests.browser.console.client_card_pages import ClientCardPage
from tests.factories import ClientFactory, ClientSessionFactory

pytestmark = pytest.mark.browser

TABS = ("", "timeline/", "contacts/", "notes/", "sessions/", "edit/", "merge/", "erasure/")


@pytest.fixture
def duplicate_cards(portal) -> tuple[Client, Client]:
    """Two cards of Ana, the survivor first, with something on each."""
    with use_business(portal.business):
        survivor = Client.objects.get(name="Ana Pereira")
        duplicate = ClientFactory(name="A. Pereira", email="ana@work.example", mobile="+447700900101", language="de")
        survivor.tags.add(Tag.objects.create(name="Regular", colour="teal"))
        Note.objects.create(client=duplicate, body="Left knee.", author_name="Timo", created_at=timezone.now())
        ClientSessionFactory(client=survivor, expires_at=timezone.now() + timedelta(hours=1))
        Suggestion.objects.create(
            client=survivor, kind="name", value="Ana Maria Pereira", source="contact-form", created_at=timezone.now()
        )
        update_search_text([survivor.pk, duplicate.pk])
    return survivor, duplicate


@pytest.fixture
def client_card(sabine, duplicate_cards) -> ClientCardPage:
    """Ana's card, which Sabine has open."""
    sabine.set_session_cookie()
    return ClientCardPage.open_card(sabine, duplicate_cards[0])


def test_two_cards_can_be_merged_and_the_duplicate_redirects(client_card, duplicate_cards):
    survivor_url = client_card.page.url
    merge_page = client_card.compare_with("A. Pereira")
    expect(merge_page.locate_result("Language")).to_have_text("Deutsch")
    expect(merge_page.locate_result_text("Name", "Ana Pereira")).to_be_visible()
    merge_page.choose_value("Name", "A. Pereira")
    expect(merge_page.locate_result_text("Name", "A. Pereira")).to_be_visible()
    expect(merge_page.locate_result_text("Name", "Ana Pereira")).to_be_hidden()
    merged_card = merge_page.merge()

    expect(merged_card.flash_messages).to_contain_text("Merged.")
    expect(merged_card.locate_contact("ana@work.example")).to_be_visible()
    merged_card.open_notes(count=1)
    expect(merged_card.user.locate_text("Left knee.")).to_be_visible()
    ClientCardPage.open_card(merged_card.user, duplicate_cards[1])
    expect(merged_card.user.main_heading).to_have_text("A. Pereira")
    expect(merged_card.page).to_have_url(survivor_url)


def test_the_actions_menu_opens_and_closes_by_keyboard(client_card):
    client_card.actions_button.focus()
    client_card.page.keyboard.press("Enter")
    expect(client_card.erase_link).to_be_visible()
    client_card.page.keyboard.press("Tab")
    expect(client_card.merge_link).to_be_focused()
    client_card.page.keyboard.press("Escape")

    expect(client_card.erase_link).to_be_hidden()
    expect(client_card.actions_button).to_be_focused()


def test_personal_data_can_be_downloaded_repeatedly(client_card):
    client_card.open_actions()
    for _download in range(2):
        assert client_card.download_personal_data().suggested_filename.endswith(".zip")


def test_client_card_pages_are_accessible(client_card, duplicate_cards):
    survivor, duplicate = duplicate_cards
    problems = []
    for tab in (*TABS, f"merge/{duplicate.pk}/"):
        ClientCardPage.open_card(client_card.user, survivor, tab)
        problems += find_accessibility_violations(client_card.user, sizes=PHONE_AND_DESKTOP)

    assert problems == [], "\n".join(problems)


def test_the_current_tab_is_in_view_on_a_phone(client_card, duplicate_cards):
    client_card.page.set_viewport_size({"width": 360, "height": 740})
    ClientCardPage.open_card(client_card.user, duplicate_cards[0], "sessions/")

    expect(client_card.locate_card_tab("Sessions")).to_be_in_viewport(ratio=1)


def test_a_slash_parts_the_breadcrumbs_and_follows_none(client_card):
    links = client_card.page.get_by_role("navigation", name="Current page").get_by_role("link")
    separators = "links => links.map(link => getComputedStyle(link, '::after').content)"
    assert links.evaluate_all(separators) == ["none"]

    client_card.user.open_console("settings/webhooks/new/")

    assert links.evaluate_all(separators) == ['"/"', "none"]
