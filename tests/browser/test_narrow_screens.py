"""The top of every page fits a narrow phone: tabs on one line, the business's name not truncated."""

import pytest
from playwright.sync_api import expect

from portal.clients.models import Client
from tenants.context import use_business
from tests.browser.console.console_home_page import ConsoleHomePage
from tests.browser.page_states import ANA

pytestmark = pytest.mark.browser

COUNT_ROWS = "links => new Set(links.map(link => link.offsetTop)).size"
IS_NOT_TRUNCATED = "name => name.scrollHeight <= name.clientHeight + 1 && name.scrollWidth <= name.clientWidth + 1"
NARROW_VIEWPORT = (360, 740)


def test_portal_tabs_fit_on_one_line(open_portal_browser, portal):
    user = open_portal_browser(portal, size=NARROW_VIEWPORT)
    user.set_session_cookie()
    tabs = user.page.get_by_role("navigation", name="Portal").get_by_role("link")
    for language in ("en", "de"):
        with use_business(portal.business):
            Client.objects.filter(contacts__value=ANA).update(language=language)
        user.open("/")

        expect(user.html_element).to_have_attribute("lang", language)
        expect(tabs).to_have_count(5)
        assert tabs.evaluate_all(COUNT_ROWS) == 1, language


def test_business_name_is_not_truncated_in_the_console(sabine):
    sabine.page.set_viewport_size(dict(zip(("width", "height"), NARROW_VIEWPORT, strict=True)))
    sabine.set_session_cookie()

    business_name = ConsoleHomePage.open(sabine).business_name
    expect(business_name).to_contain_text("Acme Physiotherapy")
    assert business_name.evaluate(IS_NOT_TRUNCATED)
