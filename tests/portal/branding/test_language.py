"""Pages use the reader's language and time zone."""

import pytest
from django.utils import timezone, translation

from portal.branding.language import LANGUAGE_COOKIE
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from tenants.context import use_business
from tests.factories import ClientFactory

GERMAN = "Anmelden"


@pytest.fixture
def browser(acme, portal_client):
    with use_business(acme):
        PortalSettings.objects.update(languages=["en", "de"])
    return portal_client(acme)


def test_a_page_speaks_what_the_browser_asks_for(browser):
    page = browser.get("/sign-in/", headers={"accept-language": "de-AT,de;q=0.9,en;q=0.5"})

    assert 'lang="de"' in page.content.decode()
    assert page.headers["Content-Language"] == "de"


def test_a_choice_outweighs_the_browser_and_lasts(browser):
    answer = browser.post("/language/", {"language": "de", "next": "/sign-in/help/?a=1"})

    assert answer.headers["Location"] == "/sign-in/help/?a=1"
    assert answer.cookies[LANGUAGE_COOKIE]["max-age"] > 30_000_000
    assert 'lang="de"' in browser.get("/sign-in/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    "next_url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_choice_leads_nowhere_else(browser, next_url):
    assert browser.post("/language/", {"language": "de", "next": next_url}).headers["Location"] == "/"


def test_a_word_that_is_no_address_is_followed_like_any_other_relative_one(browser):
    assert browser.post("/language/", {"language": "de", "next": "anywhere"}).headers["Location"] == "anywhere"


def test_a_language_the_business_does_not_offer_is_not_used(acme, browser):
    with use_business(acme):
        PortalSettings.objects.update(languages=["en"])

    answer = browser.post("/language/", {"language": "de"})

    assert LANGUAGE_COOKIE not in answer.cookies
    assert 'lang="en"' in browser.get("/sign-in/", headers={"accept-language": "de"}).content.decode()


def test_a_language_nobody_speaks_is_refused_quietly(browser):
    assert LANGUAGE_COOKIE not in browser.post("/language/", {"language": "tlh"}).cookies


def test_the_language_is_reset_after_a_request(browser):
    before = (translation.get_language(), timezone.get_current_timezone_name())

    browser.get("/sign-in/", headers={"accept-language": "de"})

    assert (translation.get_language(), timezone.get_current_timezone_name()) == before


def test_error_pages_speak_the_browsers_language_too(portal_client, acme):
    page = portal_client(acme).get("/nowhere/", headers={"accept-language": "de"})

    assert page.status_code == 404
    assert "Seite nicht gefunden" in page.content.decode()


def test_home_greets_by_the_clients_own_clock(acme, sign_in, time_machine):
    with use_business(acme):
        ClientFactory(name="Ana Pereira", email="ana@example.com")
    # Before the sign-in: a session doesn't last from midnight to the evening.
    time_machine.move_to(timezone.now().replace(hour=20), tick=False)
    browser = sign_in(acme, "ana@example.com")
    with use_business(acme):
        Client.objects.update(time_zone="Pacific/Auckland")

    assert "Good morning, Ana" in browser.get("/").content.decode()
