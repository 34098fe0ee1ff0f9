"""Tests of how many SQL statements signing in takes, counted on the wire once caches are warm."""

import re

import pytest
from cachetools import TTLCache

from portal.access.models import Challenge
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from tenants import hostnames
from tenants.context import use_business
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory, ContactFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE, STRANGER, current_code

pytestmark = pytest.mark.usefixtures("committed_db")


# The number of a lock says whose address it is for.
LOCK = re.compile(r" ?-?\d{9,}")


@pytest.fixture(autouse=True)
def _long_host_cache(monkeypatch, settings):
    """Keep what a process knows of hosts and languages for the length of a test, however slow the machine."""
    settings.HOST_CACHE_SECONDS = 600
    for known in ("known_hosts", "unknown_hosts"):
        monkeypatch.setattr(hostnames, known, TTLCache(10, settings.HOST_CACHE_SECONDS))


@pytest.fixture
def browser(acme, portal_client):
    """A browser at a portal whose process has answered before."""
    with use_business(acme):
        ClientFactory(name="Ana Pereira", email=ANA)
    browser = portal_client(acme)
    browser.get("/sign-in/")
    return browser


def latest_code(business):
    with use_business(business):
        return current_code(Challenge.objects.latest("created_at"))


@pytest.mark.parametrize("typed", [ANA, STRANGER])
def test_requesting_a_code_takes_eight_statements(browser, typed):
    with capture_statements() as captured:
        assert browser.post("/sign-in/", {"identifier": typed}).status_code == 302

    assert len(captured.sent) <= 8, captured.sent


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_known_and_unknown_addresses_take_the_same_statements(browser, acme, channel):
    with use_business(acme):
        ContactFactory(client=Client.objects.get(), value=MOBILE)
        PortalSettings.objects.update(default_channel=channel)
    shapes = []
    for typed in (ANA, STRANGER):
        with capture_statements() as captured:
            browser.post("/sign-in/", {"identifier": typed})
        shapes.append([" ".join(LOCK.sub("lock", statement).split()[:6]) for statement in captured.queries])

    assert shapes[0] == shapes[1]


def test_verifying_a_code_takes_at_most_eight_statements(browser, acme):
    browser.post("/sign-in/", {"identifier": ANA})
    code = latest_code(acme)

    with capture_statements() as captured:
        assert browser.post("/sign-in/code/", {"code": code}).headers["Location"] == "/"

    assert len(captured.queries) <= 8, captured.queries
    assert len(captured.sent) <= 9, captured.sent  # BEGIN, COMMIT and SET search_path, and a notice of the new browser


def test_verifying_a_texted_code_takes_one_statement_more(browser, acme):
    with use_business(acme):
        ContactFactory(client=Client.objects.get(), value=MOBILE)
    browser.post("/sign-in/", {"identifier": MOBILE})
    code = latest_code(acme)

    with capture_statements() as captured:
        assert browser.post("/sign-in/code/", {"code": code}).headers["Location"] == "/"

    assert len(captured.sent) <= 10, captured.sent


def test_requesting_a_code_from_a_recognised_browser_takes_eight_statements(browser, acme):
    for _again in range(2):
        browser.post("/sign-out/")
        browser.post("/sign-in/", {"identifier": ANA})
        code = latest_code(acme)
        with capture_statements() as captured:
            assert browser.post("/sign-in/code/", {"code": code}).headers["Location"] == "/"

    assert len(captured.sent) <= 8, captured.sent


def test_the_home_page_takes_eight_statements(browser, acme):
    browser.post("/sign-in/", {"identifier": ANA})
    browser.post("/sign-in/code/", {"code": latest_code(acme)})
    browser.get("/")

    with capture_statements() as captured:
        assert browser.get("/").status_code == 200

    # One for each section, and one for what a client who waits is offered.
    assert len(captured.sent) <= 8, captured.sent


def test_a_known_host_is_found_without_a_statement(browser, acme):
    with capture_statements() as captured:
        assert hostnames.resolve_host("acme.localhost").business == acme

    assert captured.sent == []


def test_an_unknown_host_is_refused_without_a_statement(browser):
    stranger = {"host": "nobody-lives-here.localhost"}
    browser.get("/", headers=stranger)

    with capture_statements() as captured:
        assert browser.get("/", headers=stranger).status_code == 404

    assert captured.sent == []
