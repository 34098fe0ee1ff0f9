"""Can staff find, tick and tag clients with a browser, by mouse and by key, and can everybody use the list's pages?"""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from portal.clients.models import Client, CustomField, Tag
from portal.clients.services import get_or_create_tag
from tenants.context import use_business
from tests.browser.accessibility import PHONE_AND_DESK, find_violations
from tests.browser.staff import open_console, resume_session

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
def desk(sabine, place):
    """Sabine, signed in, with the list before her."""
    with use_business(place.business):
        for client in Client.objects.all():
            client.tags.add(get_or_create_tag("Regular"))
        CustomField.objects.create(name="Insurance", kind="choice", choices=["public", "private"])
    resume_session(sabine)
    open_console(sabine, "clients/")
    return sabine


def test_what_is_typed_is_found_at_once_and_can_be_come_back_to(desk):
    desk.page.get_by_role("searchbox", name="Search clients").fill("pereria")
    expect(desk.page.get_by_text("These come close")).to_be_visible()
    expect(desk.page.get_by_role("row", name="Ana Pereira")).to_be_visible()
    expect(desk.page.get_by_role("row", name="Bo Lind")).to_have_count(0)
    expect(desk.page).to_have_url(f"{desk.page.url.partition('?')[0]}?q=pereria")

    desk.page.get_by_role("link", name="Ana Pereira").click()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Ana Pereira")
    desk.page.go_back()

    expect(desk.page.get_by_role("searchbox", name="Search clients")).to_have_value("pereria")
    expect(desk.page.get_by_role("row", name="Ana Pereira")).to_be_visible()


def test_leaving_the_search_field_asks_for_nothing_again(desk):
    asked = []
    desk.page.on(
        "request", lambda request: "hx-request" in request.headers and asked.append(request.url.partition("?")[2])
    )
    desk.page.get_by_role("searchbox", name="Search clients").fill("pereria")
    expect(desk.page.get_by_text("These come close")).to_be_visible()

    # A list that is loaded anew while somebody presses the button on one of its links swallows the click.
    desk.page.get_by_text("Filters").click()
    desk.page.get_by_label("Status").select_option("all")
    expect(desk.page).to_have_url(re.compile("status=all"))

    assert [sorted(parse_qs(query)) for query in asked] == [["q", "sort"], ["q", "sort", "status"]]


def test_clients_are_ticked_and_tagged_by_keyboard_alone(desk, place):
    desk.page.get_by_role("checkbox", name="Choose Ana Pereira").focus()
    desk.page.keyboard.press("Space")
    desk.page.get_by_role("checkbox", name="Choose Bo Lind").focus()
    desk.page.keyboard.press("Space")
    expect(desk.page.get_by_text("2 chosen")).to_be_visible()

    desk.page.get_by_role("textbox", name="Tag").fill("Autumn course")
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")

    expect(desk.page.get_by_role("status").filter(has_text="2 cards changed.")).to_be_visible()
    with use_business(place.business):
        tagged = Tag.objects.get(name="Autumn course").clients.values_list("name", flat=True)
        assert set(tagged) == {"Ana Pereira", "Bo Lind"}


def test_one_tick_takes_all_of_the_page(desk):
    desk.page.get_by_role("checkbox", name="Choose all on this page").check()
    expect(desk.page.get_by_text("4 chosen")).to_be_visible()


def test_the_list_and_its_pages_are_for_everybody(desk):
    wrong = []
    for page in PAGES:
        open_console(desk, page)
        wrong += [f"{page}: {violation}" for violation in find_violations(desk, sizes=PHONE_AND_DESK)]

    assert wrong == [], "\n".join(wrong)
