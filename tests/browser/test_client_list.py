"""Staff find, select and tag clients in a browser, by mouse and by keyboard, and the list's pages are accessible."""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from portal.clients.models import Client, CustomField, Tag
from portal.clients.services import get_or_create_tag
from tenants.context import use_business
from tests.browser.accessibility_checks import PHONE_AND_DESKTOP, find_accessibility_violations
from tests.browser.console.client_list_page import ClientListPage
from tests.factories import ClientFactory

pytestmark = pytest.mark.browser

PATHS = (
    "clients/",
    "clients/?status=all&seen=never",
    "clients/?q=zzzzz",
    "clients/?q=pereria",
    "clients/new/",
    "clients/tags/",
    "settings/client-fields/",
)


@pytest.fixture
def client_list(sabine, portal) -> ClientListPage:
    """The client list, which Sabine has open."""
    with use_business(portal.business):
        for client in Client.objects.all():
            client.tags.add(get_or_create_tag("Regular"))
        CustomField.objects.create(name="Insurance", kind="choice", choices=["public", "private"])
    sabine.set_session_cookie()
    return ClientListPage.open(sabine)


def test_typing_in_the_search_field_filters_at_once_and_is_kept_in_the_url(client_list):
    client_list.search("pereria")
    expect(client_list.similar_results_notice).to_be_visible()
    expect(client_list.locate_client("Ana Pereira")).to_be_visible()
    expect(client_list.locate_client("Bo Lind")).to_have_count(0)
    expect(client_list.page).to_have_url(f"{client_list.page.url.partition('?')[0]}?q=pereria")

    client_list.open_client("Ana Pereira")
    expect(client_list.user.main_heading).to_contain_text("Ana Pereira")
    client_list.page.go_back()

    expect(client_list.search_field).to_have_value("pereria")
    expect(client_list.locate_client("Ana Pereira")).to_be_visible()


def test_leaving_the_search_field_does_not_load_the_list_again(client_list):
    queries = []
    client_list.page.on(
        "request", lambda request: "hx-request" in request.headers and queries.append(request.url.partition("?")[2])
    )
    client_list.search("pereria")
    expect(client_list.similar_results_notice).to_be_visible()

    # A list that is loaded anew while somebody presses the button on one of its links swallows the click.
    client_list.filter_by_status("all")
    expect(client_list.page).to_have_url(re.compile("status=all"))

    assert [sorted(parse_qs(query)) for query in queries] == [["q", "sort"], ["q", "sort", "status"]]


def test_clients_can_be_selected_and_tagged_by_keyboard(client_list, portal):
    client_list.select_by_keyboard("Ana Pereira")
    client_list.select_by_keyboard("Bo Lind")
    expect(client_list.locate_selection_count(2)).to_be_visible()

    client_list.tag_selected_by_keyboard("Autumn course")

    expect(client_list.user.locate_status("2 cards changed.")).to_be_visible()
    with use_business(portal.business):
        tagged = Tag.objects.get(name="Autumn course").clients.values_list("name", flat=True)
        assert set(tagged) == {"Ana Pereira", "Bo Lind"}


def test_one_checkbox_selects_all_clients_of_the_page(client_list):
    client_list.select_all_on_page()
    expect(client_list.locate_selection_count(4)).to_be_visible()


def test_focus_stays_in_the_list_when_htmx_replaces_it(portal, sabine):
    with use_business(portal.business):
        for number in range(70):
            ClientFactory(name=f"Client {number:02d}", email=f"client.{number}@example.com")
    sabine.set_session_cookie()
    client_list = ClientListPage.open(sabine)
    while client_list.next_page_link.count():
        client_list.turn_page_by_keyboard()

    expect(client_list.focused_element).to_have_count(1)


def test_client_list_pages_are_accessible(client_list):
    problems = []
    for path in PATHS:
        client_list.user.open_console(path)
        violations = find_accessibility_violations(client_list.user, sizes=PHONE_AND_DESKTOP)
        problems += [f"{path}: {violation}" for violation in violations]

    assert problems == [], "\n".join(problems)
