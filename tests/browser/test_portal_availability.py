"""What a visitor sees of a suspended portal, a former address, an unknown host and another business."""

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tenants.hostnames import change_slug
from tenants.provisioning import resume_business, suspend_business
from tests.browser.pages import ANA

pytestmark = pytest.mark.browser


def test_a_suspended_portal_says_so_and_keeps_its_sessions(ana):
    ana.resume_session()
    ana.open("/")
    expect(ana.page.get_by_role("heading", level=1)).to_contain_text("Ana")
    suspend_business(business=ana.portal.business)
    ana.open("/")
    assert ana.heading == "This portal is currently closed"
    assert "hello@acme-physio.example" in ana.text

    resume_business(business=ana.portal.business)
    ana.open("/")

    expect(ana.page.get_by_role("heading", level=1)).to_contain_text("Ana")


def test_a_former_address_leads_to_the_new_one_page_and_all(ana):
    old = ana.portal.url
    change_slug(business=ana.portal.business, slug=f"{ana.portal.host.split('.')[0]}-new", now=timezone.now())

    ana.page.goto(f"{old}/sign-in/help/?from=an-old-mail")

    assert ana.page.url == f"{ana.portal.url}/sign-in/help/?from=an-old-mail"
    assert ana.portal.url != old


def test_where_there_is_no_portal_the_page_says_what_to_check(ana):
    ana.page.goto(f"http://nobody-here.localhost{settings.PUBLIC_PORT}/")

    assert ana.heading == "Portal not found"


def test_at_another_business_the_same_browser_is_unknown(ana, create_portal):
    ana.sign_in(ANA)
    other_portal = create_portal("Globex Legal")

    ana.page.goto(other_portal.url + "/")

    assert ana.path == "/sign-in/"
    expect(ana.page.get_by_role("link", name="Globex Legal")).to_be_visible()
