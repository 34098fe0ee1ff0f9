"""Which door does a person stand at: an open one, a closed one, one that moved, none at all?"""

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tenants.hostnames import change_slug
from tenants.provisioning import resume_business, suspend_business
from tests.browser.pages import ANA

pytestmark = pytest.mark.browser


def test_a_resting_portal_says_so_and_opens_again_where_it_was(ana):
    ana.resume_session()
    ana.open("/")
    expect(ana.page.get_by_role("heading", level=1)).to_contain_text("Ana")
    suspend_business(business=ana.place.business)
    ana.open("/")
    assert ana.heading == "This portal is closed for the moment"
    assert "hello@acme-physio.example" in ana.text

    resume_business(business=ana.place.business)
    ana.open("/")

    expect(ana.page.get_by_role("heading", level=1)).to_contain_text("Ana")


def test_a_former_address_leads_to_the_new_one_page_and_all(ana):
    old = ana.place.url
    change_slug(business=ana.place.business, slug=f"{ana.place.host.split('.')[0]}-new", now=timezone.now())

    ana.page.goto(f"{old}/sign-in/help/?from=an-old-mail")

    assert ana.page.url == f"{ana.place.url}/sign-in/help/?from=an-old-mail"
    assert ana.place.url != old


def test_where_there_is_no_portal_the_page_says_what_to_check(ana):
    ana.page.goto(f"http://nobody-here.localhost{settings.PUBLIC_PORT}/")

    assert ana.heading == "There is no portal at this address"


def test_next_door_the_same_browser_is_a_stranger(ana, open_place):
    ana.sign_in(ANA)
    neighbour = open_place("Globex Legal")

    ana.page.goto(neighbour.url + "/")

    assert ana.path == "/sign-in/"
    expect(ana.page.get_by_role("link", name="Globex Legal")).to_be_visible()
