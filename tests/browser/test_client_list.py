"""Staff find, select and tag clients in a browser, by mouse and by keyboard, and the list's pages are accessible."""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from portal.clients.models import Client, CustomField, Tag
from portal.clients.services import get_or_create_tag
from tenants.context import use_business
from tests.browser.accessibility import PHONE_AND_DESKTOP, find_accessibility_violations

pytestmark = pytest.mark.browser

PAGES = (
    "clients/",
    "clients/?status=all&seen=never",
    "clients/?q=zzzzz",
    "clients/?q=pereria",
    "clients/new/",
    "clients/tags/",
    "settings/client-fields/",
)


@pytest.fixture
def console(sabine, portal):
    """Sabine, signed in, with the list before her."""
    with use_business(portal.business):
        for client in Client.objects.all():
            client.tags.add(get_or_create_tag("Regular"))
        CustomField.objects.create(name="Insurance", kind="choice", choices=["public", "private"])
    sabine.set_session_cookie()
    sabine.open_console("clients/")
    return sabine


def test_what_is_typed_is_found_at_once_and_can_be_come_back_to(console):
    console.page.get_by_role("searchbox", name="Search clients").fill("pereria")
    expect(console.page.get_by_text("Similar results")).to_be_visible()
    expect(console.page.get_by_role("row", name="Ana Pereira")).to_be_visible()
    expect(console.page.get_by_role("row", name="Bo Lind")).to_have_count(0)
    expect(console.page).to_have_url(f"{console.page.url.partition('?')[0]}?q=pereria")

    console.page.get_by_role("link", name="Ana Pereira").click()
    expect(console.page.get_by_role("heading", level=1)).to_contain_text("Ana Pereira")
    console.page.go_back()

    expect(console.page.get_by_role("searchbox", name="Search clients")).to_have_value("pereria")
    expect(console.page.get_by_role("row", name="Ana Pereira")).to_be_visible()


def test_leaving_the_search_field_asks_for_nothing_again(console):
    queries = []
    console.page.on(
        "request", lambda request: "hx-request" in request.headers and queries.append(request.url.partition("?")[2])
    )
    console.page.get_by_role("searchbox", name="Search clients").fill("pereria")
    expect(console.page.get_by_text("Similar results")).to_be_visible()

    # A list that is loaded anew while somebody presses the button on one of its links swallows the click.
    console.page.get_by_text("Filters").click()
    console.page.get_by_label("Status").select_option("all")
    expect(console.page).to_have_url(re.compile("status=all"))

    assert [sorted(parse_qs(query)) for query in queries] == [["q", "sort"], ["q", "sort", "status"]]


def test_clients_are_ticked_and_tagged_by_keyboard_alone(console, portal):
    console.page.get_by_role("checkbox", name="Select Ana Pereira").focus()
    console.page.keyboard.press("Space")
    console.page.get_by_role("checkbox", name="Select Bo Lind").focus()
    console.page.keyboard.press("Space")
    expect(console.page.get_by_text("2 selected")).to_be_visible()

    console.page.get_by_role("textbox", name="Tag").fill("Autumn course")
    with console.page.expect_navigation():
        console.page.keyboard.press("Enter")

    expect(console.page.get_by_role("status").filter(has_text="2 cards changed.")).to_be_visible()
    with use_business(portal.business):
        tagged = Tag.objects.get(name="Autumn course").clients.values_list("name", flat=True)
        assert set(tagged) == {"Ana Pereira", "Bo Lind"}


def test_one_tick_takes_all_of_the_page(console):
    console.page.get_by_role("checkbox", name="Select all on this page").check()
    expect(console.page.get_by_text("4 selected")).to_be_visible()


def test_the_list_and_its_pages_are_for_everybody(console):
    problems = []
    for page in PAGES:
        console.open_console(page)
        problems += [
            f"{page}: {violation}" for violation in find_accessibility_violations(console, sizes=PHONE_AND_DESKTOP)
        ]

    assert problems == [], "\n".join(problems)
