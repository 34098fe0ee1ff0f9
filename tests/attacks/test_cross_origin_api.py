"""Scripts of listed websites may call a business's client API; those of others may not, nor any the business API."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from portal.embeds.models import AllowedWebsites
from tenants import hostnames
from tenants.context import use_business
from tenants.models import BusinessStatus

SITE, EVIL = "https://app.acme-physio.example", "https://evil.example"
PATH = "/api/v1/schema/"
ASK = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}


@pytest.fixture
def browser(acme) -> Client:
    """Return a browser whose scripts call Acme's API; Acme lists one website for scripts and another for forms."""
    with use_business(acme):
        AllowedWebsites.objects.create(api_origins=[SITE], embedding_origins=[EVIL])
    cache.clear()
    return Client(headers={"host": hostnames.get_portal_host(acme)})


def list_cors_headers(answer) -> list[str]:
    return [name for name in answer.headers if name.startswith("Access-Control-")]


def test_a_listed_website_may_read_the_answers(browser):
    answer = browser.get(PATH, headers={"origin": SITE})

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "RateLimit" in answer.headers["Access-Control-Expose-Headers"]


def test_a_listed_website_may_read_errors(browser):
    answer = browser.get("/api/v1/nowhere/", headers={"origin": SITE})

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Origin" in answer.headers["Vary"]


def test_a_listed_website_may_read_that_the_business_is_suspended(browser, acme):
    acme.status = BusinessStatus.SUSPENDED
    acme.save()
    hostnames.invalidate_host_cache()
    for origin, headers in ((SITE, ["Access-Control-Allow-Origin", "Access-Control-Expose-Headers"]), (EVIL, [])):
        answer = browser.get(PATH, headers={"origin": origin})

        assert (answer.status_code, answer.json()["code"]) == (403, "business_suspended")
        assert sorted(list_cors_headers(answer)) == headers
        assert "Origin" in answer.headers["Vary"]
    preflight = browser.options("/api/v1/me/", headers={"origin": SITE} | ASK)
    assert (preflight.status_code, preflight.headers["Access-Control-Allow-Origin"]) == (204, SITE)


@pytest.fixture
def former_host(acme, now) -> str:
    """The address that Acme's portal had before."""
    host = hostnames.get_portal_host(acme)
    hostnames.change_slug(business=acme, slug="acme-berlin", now=now)
    hostnames.invalidate_host_cache()
    return host


def test_a_listed_website_may_read_that_the_portal_has_moved(browser, acme, former_host):
    for origin, headers in ((SITE, ["Access-Control-Allow-Origin", "Access-Control-Expose-Headers"]), (EVIL, [])):
        answer = browser.get(PATH, headers={"origin": origin, "host": former_host})

        assert (answer.status_code, answer.json()["code"]) == (410, "moved")
        assert hostnames.get_portal_host(acme) in answer.json()["portal_url"]
        assert sorted(list_cors_headers(answer)) == headers
        assert "Origin" in answer.headers["Vary"]
    preflight = browser.options("/api/v1/me/", headers={"origin": SITE, "host": former_host} | ASK)
    assert (preflight.status_code, preflight.headers["Access-Control-Allow-Origin"]) == (204, SITE)


def test_pages_of_a_former_address_are_read_by_no_other_website(browser, former_host):
    headers = {"origin": SITE, "host": former_host}

    assert list_cors_headers(browser.get("/sign-in/", headers=headers)) == []
    assert list_cors_headers(browser.post("/sign-in/", headers=headers)) == []


def test_a_listed_website_may_read_that_the_database_is_away(browser, monkeypatch):
    """Whoever was there before: the hosts and websites are remembered for a while."""
    assert browser.get(PATH, headers={"origin": SITE}).status_code == 200

    def fail(*_arguments, **_options):
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", fail)
        body = {"identifier": "ana@example.com"}
        answer = browser.post("/api/v1/sign-in/challenges/", body, "application/json", headers={"origin": SITE})

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert answer.headers["Retry-After"] == "5"


def test_a_preflight_of_a_listed_website_says_what_is_allowed(browser):
    answer = browser.options("/api/v1/me/", headers={"origin": SITE} | ASK)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("origin", [EVIL, f"{SITE}.evil.example", SITE.upper(), f"{SITE}:8443", "null", "*", ""])
def test_no_other_website_may(browser, origin):
    assert list_cors_headers(browser.get(PATH, headers={"origin": origin})) == []
    assert list_cors_headers(browser.options(PATH, headers={"origin": origin} | ASK)) == []


def test_cookies_are_never_allowed(browser):
    for answer in (browser.get(PATH, headers={"origin": SITE}), browser.options(PATH, headers={"origin": SITE} | ASK)):
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_caches_keep_the_answers_for_each_website_apart(browser):
    for headers in ({}, {"origin": SITE}, {"origin": EVIL}):
        assert "Origin" in browser.get(PATH, headers=headers).headers["Vary"]


@pytest.mark.parametrize("path", ["/sign-in/", "/contact/", "/embed/contact-form/"])
def test_pages_are_read_by_no_other_website(browser, path):
    assert list_cors_headers(browser.get(path, headers={"origin": SITE})) == []
    assert list_cors_headers(browser.options(path, headers={"origin": SITE} | ASK)) == []


def test_the_portal_of_another_business_does_not_know_the_website(browser, globex):
    other = Client(headers={"host": hostnames.get_portal_host(globex)})

    assert list_cors_headers(other.get(PATH, headers={"origin": SITE})) == []


@pytest.mark.parametrize("path", ["/api/v1/business/clients/", "/api/v1/schema/"])
def test_the_business_api_is_open_to_no_website(browser, path):
    platform = Client(headers={"host": settings.PLATFORM_HOST})

    assert list_cors_headers(platform.get(path, headers={"origin": SITE})) == []
    assert list_cors_headers(platform.options(path, headers={"origin": SITE} | ASK)) == []
