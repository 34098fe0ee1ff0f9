"""A client adds a passkey and signs in with it, on the portal and on a domain of the business's own."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tenants.hostnames import build_absolute_url
from tenants.models import PortalHostname
from tests.browser.page_states import ANA
from tests.browser.portal.client_sign_in_pages import ClientSignInPage
from tests.browser.portal.passkey_pages import NewPasskeyPage, PasskeyOffer
from tests.browser.virtual_authenticator import add_virtual_authenticator

pytestmark = pytest.mark.browser
# Browsers take names below localhost for this machine, and trust it without a certificate.
OWN_DOMAIN = "portal.praxis.localhost"


@pytest.fixture
def own_url(portal) -> str:
    """The portal's address on a domain of the business's own."""
    PortalHostname.objects.create(business=portal.business, domain=OWN_DOMAIN, verified_at=timezone.now())
    return build_absolute_url(OWN_DOMAIN, "")


def add_passkey(user, url):
    """Sign in with a code, take the offer of the home page up, and sign out."""
    add_virtual_authenticator(user)
    user.page.goto(f"{url}/sign-in/")
    ClientSignInPage(user).request_code(ANA).enter_code(user.fetch_code(ANA))
    user.click_link("Add a passkey")
    NewPasskeyPage(user).create_passkey()
    expect(user.locate_text("Not used yet")).to_be_visible()
    with user.page.expect_navigation():
        user.sign_out_button.click()


def test_a_client_signs_in_with_a_passkey(ana, portal):
    add_passkey(ana, portal.url)

    # The authenticator agrees at once to what the address field offers.
    ana.page.wait_for_url(f"{portal.url}/")

    expect(ana.main_heading).to_contain_text("Ana")


def test_a_client_signs_in_with_a_passkey_on_an_own_domain(ana, own_url):
    add_passkey(ana, own_url)

    ana.page.wait_for_url(f"{own_url}/")

    expect(ana.main_heading).to_contain_text("Ana")


def test_an_offer_that_was_dismissed_does_not_come_back(ana):
    add_virtual_authenticator(ana, agrees=False)
    ana.sign_in(ANA)
    offer = PasskeyOffer(ana)
    expect(offer.heading).to_be_visible()

    offer.dismiss()

    expect(offer.heading).to_have_count(0)
