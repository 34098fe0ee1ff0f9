"""The pages to change a contact, for recently authenticated clients and for the demo client."""

from datetime import timedelta

import pytest

from portal.access.models import Challenge, ClientSession
from portal.messaging.models import Message
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.impersonation.impersonation_steps import follow_impersonation

ANA = "ana@example.com"
A_WHILE_AGO = "You signed in a while ago."


@pytest.fixture
def browser(acme, sign_in_client):
    with use_business(acme):
        ClientFactory(name="Ana Pereira", email=ANA)
    return sign_in_client(acme, ANA)


@pytest.fixture
def demo_browser(acme, staff_client):
    """Staff at the portal, as the demo client."""
    return follow_impersonation(staff_client(), "/console/acme/portal/demo/", acme)


def test_a_client_who_just_signed_in_needs_no_new_code(browser):
    text = browser.get("/account/reauthentication/?kind=email").content.decode()

    assert A_WHILE_AGO not in text
    assert "You confirmed your identity a short while ago." in text
    assert 'href="/account/contact/?kind=email"' in text


def test_a_client_who_signed_in_a_while_ago_has_to_reauthenticate(acme, browser, now, settings):
    with use_business(acme):
        ClientSession.objects.update(authenticated_at=now - settings.REAUTH_LIFETIME - timedelta(seconds=1))

    assert A_WHILE_AGO in browser.get("/account/reauthentication/").content.decode()


@pytest.mark.parametrize("path", ["contact/", "contact/code/", "reauthentication/", "reauthentication/code/"])
def test_the_demo_client_is_told_that_no_code_is_sent(acme, demo_browser, path):
    page = demo_browser.get(f"/account/{path}")
    refused = demo_browser.post(f"/account/{path}", {"identifier": "new@example.com", "code": "123456"})

    assert (page.status_code, refused.status_code) == (200, 403)
    for answer in (page, refused):
        assert "no code is sent" in answer.content.decode()
    with use_business(acme):
        assert not Challenge.objects.filter(
            client__is_demo=True, purpose__in=["new-contact", "reauthentication"]
        ).exists()
        assert not Message.objects.filter(to="new@example.com").exists()


def test_a_real_client_gets_the_form(browser):
    answer = browser.post("/account/contact/", {"identifier": "new@example.com"})

    assert answer.headers["Location"] == "/account/contact/code/"


def test_the_example_of_a_number_is_one_of_the_country_of_the_business(browser):
    page = browser.get("/account/contact/?kind=phone").content.decode()

    assert "With the country code, for example +49 171 3920012." in page
