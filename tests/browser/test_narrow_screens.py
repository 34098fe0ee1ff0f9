"""The top of every page fits a narrow phone: tabs on one line, the business's name not cut."""

import pytest
from playwright.sync_api import expect

from portal.clients.models import Client
from tenants.context import use_business
from tests.browser.pages import ANA
from tests.browser.staff import open_console, resume_session

pytestmark = pytest.mark.browser

COUNT_ROWS = "links => new Set(links.map(link => link.offsetTop)).size"
IS_NOT_CUT = "name => name.scrollHeight <= name.clientHeight + 1 && name.scrollWidth <= name.clientWidth + 1"
NARROW_VIEWPORT = (360, 740)


def test_the_portal_s_tabs_stand_on_one_line(open_browser, portal):
    user = open_browser(portal, size=NARROW_VIEWPORT)
    user.resume_session()
    tabs = user.page.locator(".tabs a")
    for language in ("en", "de"):
        with use_business(portal.business):
            Client.objects.filter(contacts__value=ANA).update(language=language)
        user.open("/")

        expect(user.page.locator("html")).to_have_attribute("lang", language)
        expect(tabs).to_have_count(4)
        assert tabs.evaluate_all(COUNT_ROWS) == 1, language


def test_the_name_of_the_business_is_not_cut_in_the_console(sabine):
    sabine.page.set_viewport_size(dict(zip(("width", "height"), NARROW_VIEWPORT, strict=True)))
    resume_session(sabine)
    open_console(sabine)

    name = sabine.page.locator(".business-name")
    expect(name).to_contain_text("Acme Physiotherapy")
    assert name.evaluate(IS_NOT_CUT)
