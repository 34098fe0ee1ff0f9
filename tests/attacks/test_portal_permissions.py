"""T14: every portal page is in the table and gives each visitor what its row says."""

from copy import deepcopy
from http.cookies import SimpleCookie

import pytest
from django.test import Client
from django.urls import get_resolver

from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business
from tests.attacks.conftest import Visitor
from tests.database import rollback_afterwards
from tests.factories import ClientFactory
from tests.portal.access.sign_in import ANA, MOBILE

UNKNOWN_ID = "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"
PATHS = [
    f"/{prefix.pattern}{page.pattern}".replace("<uuid:pk>", UNKNOWN_ID)
    for prefix in get_resolver("config.urls_portal").url_patterns
    for page in prefix.url_patterns
]


IN, OUT, GONE = 200, "/sign-in/", 404
# For each page: what a stranger gets who reads it and who writes to it, then what a client gets.
ROUTES = {
    "/": (OUT, 405, IN, 405),
    "/theme.css": (IN, 405, IN, 405),
    "/logo/": (GONE, 405, GONE, 405),
    "/language/": (405, "/", 405, "/"),
    "/sign-in/": (IN, 422, "/", 422),
    "/sign-in/code/": (IN, 409, "/", 409),
    "/sign-in/resend/": (405, 409, 405, 409),
    "/sign-in/who/": (IN, 409, IN, 409),
    "/sign-in/help/": (IN, 405, IN, 405),
    "/sign-in/allow-list/": (IN, 405, IN, 405),
    "/sign-out/": (405, OUT, 405, OUT),
    "/impersonation/start/": (403, 405, 403, 405),
    "/impersonation/exit/": (405, "/impersonation/ended/", 405, "/impersonation/ended/"),
    "/impersonation/ended/": (IN, 405, IN, 405),
    "/.well-known/portico/": (IN, 405, IN, 405),
    "/sessions/": (OUT, 405, IN, 405),
    f"/sessions/{UNKNOWN_ID}/end/": (405, OUT, 405, GONE),
    "/sessions/end-others/": (405, OUT, 405, "/sessions/"),
    "/contact/": (IN, 422, IN, 422),
    "/contact/thanks/": (IN, 405, IN, 405),
    "/messages/": (OUT, OUT, IN, 422),
    "/messages/live/": (OUT, 405, IN, 405),
    "/profile/": (OUT, 405, IN, 405),
    "/profile/preferences/": (405, OUT, 405, "/profile/"),
    "/profile/contact/": (OUT, OUT, IN, 422),
    "/profile/contact/code/": (OUT, OUT, IN, 409),
    "/profile/reauthentication/": (OUT, OUT, IN, "/profile/reauthentication/code/"),
    "/profile/reauthentication/code/": (OUT, OUT, IN, 409),
}


def result(answer):
    return answer.headers["Location"] if answer.status_code == 302 else answer.status_code


def test_every_page_is_in_the_matrix():
    assert set(PATHS) == set(ROUTES)


@pytest.fixture(scope="module")
def cookies(module_db) -> SimpleCookie:
    """What Ana's browser holds who signed in at Acme; a client of Globex has the same name, addresses and key."""
    acme, globex = (Business.objects.get(hostnames__slug=slug) for slug in ("acme", "globex"))
    for business in (acme, globex):
        with use_business(business):
            ClientFactory(name="Ana Pereira", email=ANA, mobile=MOBILE)
    browser = Client(headers={"host": hostnames.portal_host(acme)})
    here = Visitor(acme, browser)
    here.request_code()
    assert here.submit_code(here.code()).status_code == 302
    return browser.cookies


def seen(path: str, business: Business, cookies: SimpleCookie) -> tuple:
    """Return what somebody gets who reads a page and then writes to it, at a browser of their own."""
    browser = Client(headers={"host": hostnames.portal_host(business)})
    browser.cookies.update(deepcopy(cookies))
    with rollback_afterwards():
        return result(browser.get(path)), result(browser.post(path))


@pytest.mark.parametrize("path", ROUTES)
def test_a_page_gives_each_visitor_what_the_matrix_says(acme, globex, cookies, path):
    visitors = {
        "a stranger": (acme, SimpleCookie()),
        "a client": (acme, cookies),
        "another's client": (globex, cookies),
    }
    stranger, client = ROUTES[path][:2], ROUTES[path][2:]

    got = {name: seen(path, *visitor) for name, visitor in visitors.items()}

    assert got == {"a stranger": stranger, "a client": client, "another's client": stranger}
