"""Does what stands at the top of every page fit a narrow phone: the portal's tabs on one line, the business's name whole?"""

import pytest
from django.conf import settings
from django.test import Client as Browser
from playwright.sync_api import expect

from portal.clients.models import Client
from tenants.context import use_business
from tests.browser.pages import ANA
from tests.factories import colleague

pytestmark = pytest.mark.browser

LINES = "links => new Set(links.map(link => link.offsetTop)).size"
IS_WHOLE = "name => name.scrollHeight <= name.clientHeight + 1 && name.scrollWidth <= name.clientWidth + 1"
NARROW = (360, 740)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_portal_s_tabs_stand_on_one_line(visit, place, language):
    visitor = visit(place, size=NARROW)
    visitor.sign_in(ANA)
    with use_business(place.business):
        Client.objects.filter(contacts__value=ANA).update(language=language)
    visitor.open("/")

    expect(visitor.page.locator("html")).to_have_attribute("lang", language)
    tabs = visitor.page.locator(".tabs a")
    assert tabs.count() == 4
    assert tabs.evaluate_all(LINES) == 1


def test_the_name_of_the_business_is_not_cut_in_the_console(visit, place):
    visitor, person = visit(place, size=NARROW), colleague(place.business, "owner").person
    browser = Browser(headers={"host": settings.PLATFORM_HOST})
    browser.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    visitor.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": settings.PUBLIC_URL}])
    visitor.open_platform(f"/console/{visitor.place.business.addresses.get().slug}/")

    assert "Acme Physiotherapy" in visitor.page.locator(".place-name").inner_text()
    assert visitor.page.locator(".place-name").evaluate(IS_WHOLE)
