"""While a business is suspended, the forms of its console are disabled, except those that change nothing."""

import pytest
from playwright.sync_api import expect

from portal.clients.models import Client
from tenants.context import use_business
from tenants.models import Business, BusinessStatus
from tests.attacks.console_routes import ALLOWED_METHODS
from tests.browser.accessibility_checks import find_accessibility_violations
from tests.browser.console.client_list_page import ClientListPage
from tests.browser.staff_user import StaffUser

pytestmark = pytest.mark.browser

LIST_USABLE_ACTIONS = """() => [...document.querySelectorAll('main form[method="post"] [type="submit"]:enabled')]
  .map((button) => button.getAttribute("formaction") ?? button.form.getAttribute("action") ?? location.pathname)
  .map((action) => action.split("?")[0])"""
# Parts that other pages load.
PARTS = ("portal/address/check/", "portal/branding/contrast/")
FORM_PATHS = [
    route
    for route, methods in ALLOWED_METHODS.items()
    if methods[0] == "GET" and not {"<", "."} & {*route} and route not in PARTS
]
CLIENT_TABS = ("", "notes/", "contacts/", "sessions/", "edit/")
ALLOWED_ACTIONS = ("clients/export/", "activity/export/", "sign-in-help/")


@pytest.fixture
def sabine(sabine, portal) -> StaffUser:
    """Sabine's browser. She is signed in, and her business is suspended."""
    sabine.set_session_cookie()
    Business.objects.filter(pk=portal.business.pk).update(status=BusinessStatus.SUSPENDED)
    return sabine


def test_only_forms_that_change_nothing_can_be_sent(sabine, portal):
    with use_business(portal.business):
        pk = Client.objects.get(name="Ana Pereira").pk
    console, usable = f"/console/{portal.slug}/", set()

    for path in [*FORM_PATHS, *(f"clients/{pk}/{tab}" for tab in CLIENT_TABS)]:
        sabine.open_console(path)
        usable |= set(sabine.page.evaluate(LIST_USABLE_ACTIONS))

    assert usable == {console + path for path in (*ALLOWED_ACTIONS, f"clients/{pk}/export/")}


def test_a_form_that_htmx_loads_is_disabled_too(sabine):
    client_list = ClientListPage.open(sabine)
    client_list.search_field.fill("Ana")
    expect(client_list.locate_client("Bo Lind")).to_have_count(0)
    sabine.wait_for_htmx()
    client_list.page.get_by_role("checkbox", name="Select Ana Pereira").check()

    expect(sabine.locate_button("Archive")).to_be_disabled()
    assert find_accessibility_violations(sabine) == []
