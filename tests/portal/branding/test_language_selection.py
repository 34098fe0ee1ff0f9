"""Pages use the reader's language and time zone."""

import pytest
from django.utils import timezone, translation

from portal.branding.language_selection import LANGUAGE_COOKIE
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


def test_a_page_is_in_the_language_the_browser_requests(browser):
    page = browser.get("/sign-in/", headers={"accept-language": "de-AT,de;q=0.9,en;q=0.5"})

    assert 'lang="de"' in page.content.decode()
    assert page.headers["Content-Language"] == "de"


def test_a_chosen_language_takes_precedence_and_is_remembered(browser):
    answer = browser.post("/language/", {"language": "de", "next": "/sign-in/help/?a=1"})

    assert answer.headers["Location"] == "/sign-in/help/?a=1"
    assert answer.cookies[LANGUAGE_COOKIE]["max-age"] > 30_000_000
    assert 'lang="de"' in browser.get("/sign-in/", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    "next_url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_language_choice_does_not_redirect_to_another_site(browser, next_url):
    assert browser.post("/language/", {"language": "de", "next": next_url}).headers["Location"] == "/"


def test_the_language_choice_redirects_to_a_relative_path(browser):
    assert browser.post("/language/", {"language": "de", "next": "anywhere"}).headers["Location"] == "anywhere"


def test_a_language_the_business_does_not_offer_is_not_used(acme, browser):
    with use_business(acme):
        PortalSettings.objects.update(languages=["en"])

    answer = browser.post("/language/", {"language": "de"})

    assert LANGUAGE_COOKIE not in answer.cookies
    assert 'lang="en"' in browser.get("/sign-in/", headers={"accept-language": "de"}).content.decode()


def test_an_unknown_language_is_ignored(browser):
    assert LANGUAGE_COOKIE not in browser.post("/language/", {"language": "tlh"}).cookies


def test_the_language_is_reset_after_a_request(browser):
    before = (translation.get_language(), timezone.get_current_timezone_name())

    browser.get("/sign-in/", headers={"accept-language": "de"})

    assert (translation.get_language(), timezone.get_current_timezone_name()) == before


def test_error_pages_are_in_the_browser_s_language(portal_client, acme):
    page = portal_client(acme).get("/nowhere/", headers={"accept-language": "de"})

    assert page.status_code == 404
    assert "Seite nicht gefunden" in page.content.decode()


def test_the_greeting_depends_on_the_client_s_time_zone(acme, sign_in_client, time_machine):
    with use_business(acme):
        ClientFactory(name="Ana Pereira", email="ana@example.com")
    # Before the sign-in: a session doesn't last from midnight to the evening.
    time_machine.move_to(timezone.now().replace(hour=20), tick=False)
    browser = sign_in_client(acme, "ana@example.com")
    with use_business(acme):
        Client.objects.update(time_zone="Pacific/Auckland")

    assert "Good morning, Ana" in browser.get("/").content.decode()
