"""What a visitor sees of a suspended portal, a former address, an unknown host and another business."""

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tenants.hostnames import change_slug
from tenants.provisioning import resume_business, suspend_business
from tests.browser.page_states import ANA

pytestmark = pytest.mark.browser


def test_a_suspended_portal_shows_a_closed_page_and_keeps_its_sessions(ana):
    ana.set_session_cookie()
    ana.open("/")
    expect(ana.main_heading).to_contain_text("Ana")
    suspend_business(business=ana.portal.business)
    ana.open("/")
    expect(ana.main_heading).to_have_text("This portal is currently closed")
    assert "hello@acme-physio.example" in ana.main_text

    resume_business(business=ana.portal.business)
    ana.open("/")

    expect(ana.main_heading).to_contain_text("Ana")


def test_a_former_address_redirects_to_the_same_page_at_the_new_one(ana):
    old = ana.portal.url
    change_slug(business=ana.portal.business, slug=f"{ana.portal.host.split('.')[0]}-new", now=timezone.now())

    ana.page.goto(f"{old}/sign-in/help/?from=an-old-mail")

    assert ana.page.url == f"{ana.portal.url}/sign-in/help/?from=an-old-mail"
    assert ana.portal.url != old


def test_an_unknown_host_shows_a_not_found_page(ana):
    ana.page.goto(f"http://nobody-here.localhost{settings.PUBLIC_PORT}/")

    expect(ana.main_heading).to_have_text("Portal not found")


def test_a_session_is_not_valid_at_another_business(ana, create_portal):
    ana.sign_in(ANA)
    other_portal = create_portal("Globex Legal")

    ana.page.goto(other_portal.url + "/")

    assert ana.url_path == "/sign-in/"
    expect(ana.page.get_by_role("link", name="Globex Legal")).to_be_visible()
