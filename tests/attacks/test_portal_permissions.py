"""T14: every portal page is in the table and gives each visitor what its row says."""

from copy import deepcopy
from http.cookies import SimpleCookie

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tenants import hostnames
from tenants.context import use_business
from tenants.models import Business
from tests.attacks.conftest import Visitor
from tests.database_setup import rollback_afterwards
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE

UNKNOWN_ID = "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"
# The operations of the API have a table of their own: test_api_permissions.
PATHS = [
    f"/{prefix.pattern}{page.pattern}".replace("<uuid:pk>", UNKNOWN_ID).replace("<slug:token>", UNKNOWN_ID)
    for prefix in get_resolver("config.urls_portal").url_patterns
    for page in prefix.url_patterns
    if isinstance(page, URLPattern)
]


OK, SIGN_IN, NOT_FOUND = 200, "/sign-in/", 404
# For each page: what a stranger gets who reads it and who writes to it, then what a client gets.
EXPECTED_ANSWERS = {
    "/": (SIGN_IN, 405, OK, 405),
    "/theme.css": (OK, 405, OK, 405),
    "/logo/": (NOT_FOUND, 405, NOT_FOUND, 405),
    "/language/": (405, "/", 405, "/"),
    "/sign-in/": (OK, 422, "/", 422),
    "/sign-in/code/": (OK, 409, "/", 409),
    "/sign-in/resend/": (405, 409, 405, 409),
    "/sign-in/who/": (OK, 409, OK, 409),
    "/sign-in/start/": (410, 410, 410, 410),
    "/sign-in/help/": (OK, 405, OK, 405),
    "/sign-in/allow-list/": (OK, 405, OK, 405),
    "/sign-out/": (405, SIGN_IN, 405, SIGN_IN),
    "/impersonation/start/": (403, 403, 403, 403),
    "/impersonation/exit/": (405, "/impersonation/ended/", 405, "/impersonation/ended/"),
    "/impersonation/ended/": (OK, 405, OK, 405),
    "/.well-known/portico/": (OK, 405, OK, 405),
    "/api/v1/schema/": (OK, 405, OK, 405),
    "/api/v1/docs/": (OK, 405, OK, 405),
    "/api/v1/docs/redoc/": (OK, 405, OK, 405),
    "/api/v1/docs/errors/": (OK, 405, OK, 405),
    "/sessions/": (SIGN_IN, 405, OK, 405),
    f"/sessions/{UNKNOWN_ID}/end/": (405, SIGN_IN, 405, NOT_FOUND),
    "/sessions/end-others/": (405, SIGN_IN, 405, "/sessions/"),
    "/passkeys/new/": (SIGN_IN, SIGN_IN, OK, 422),
    "/passkeys/new/options/": (405, SIGN_IN, 405, OK),
    "/passkeys/sign-in/": (405, 422, 405, 422),
    "/passkeys/sign-in/options/": (405, OK, 405, OK),
    "/passkeys/offer/dismissal/": (405, SIGN_IN, 405, "/"),
    f"/passkeys/{UNKNOWN_ID}/removal/": (405, SIGN_IN, 405, NOT_FOUND),
    "/contact/": (OK, 422, OK, 422),
    "/contact/thanks/": (OK, 405, OK, 405),
    "/embed/contact-form/": (OK, 422, OK, 422),
    "/embed/contact-form/thanks/": (OK, 405, OK, 405),
    # These businesses have no services; tests/portal/intake/booking has some.
    **{
        f"/{prefix}/{path}": answers
        for prefix in ("book", "embed/booking")
        for path, answers in {
            "": (NOT_FOUND, 405, NOT_FOUND, 405),
            f"{UNKNOWN_ID}/": (NOT_FOUND, 405, NOT_FOUND, 405),
            f"{UNKNOWN_ID}/holds/": (405, NOT_FOUND, 405, NOT_FOUND),
            "holds/<str:token>/": (NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND),
            "holds/<str:token>/release/": (405, NOT_FOUND, 405, NOT_FOUND),
            "holds/<str:token>/calendar/": (NOT_FOUND, 405, NOT_FOUND, 405),
        }.items()
    },
    f"/book/{UNKNOWN_ID}/waiting-list/": (SIGN_IN, SIGN_IN, NOT_FOUND, NOT_FOUND),
    f"/book/offers/{UNKNOWN_ID}/": (SIGN_IN, 405, NOT_FOUND, 405),
    f"/book/offers/{UNKNOWN_ID}/acceptance/": (405, SIGN_IN, 405, NOT_FOUND),
    f"/book/offers/{UNKNOWN_ID}/refusal/": (405, SIGN_IN, 405, NOT_FOUND),
    "/embed/v1.js": (OK, 405, OK, 405),
    "/messages/": (SIGN_IN, SIGN_IN, OK, 422),
    "/messages/live/": (SIGN_IN, 405, OK, 405),
    "/appointments/": (SIGN_IN, 405, OK, 405),
    "/appointments/feed/": (SIGN_IN, SIGN_IN, OK, OK),
    "/appointments/feed/revocation/": (405, SIGN_IN, 405, "/appointments/feed/"),
    f"/feeds/{UNKNOWN_ID}.ics": (NOT_FOUND, 405, NOT_FOUND, 405),
    f"/appointments/waiting-list/{UNKNOWN_ID}/withdrawal/": (405, SIGN_IN, 405, NOT_FOUND),
    f"/appointments/{UNKNOWN_ID}/": (SIGN_IN, 405, NOT_FOUND, 405),
    f"/appointments/{UNKNOWN_ID}/calendar.ics": (SIGN_IN, 405, NOT_FOUND, 405),
    f"/appointments/{UNKNOWN_ID}/time/": (SIGN_IN, SIGN_IN, NOT_FOUND, NOT_FOUND),
    f"/appointments/{UNKNOWN_ID}/cancellation/": (SIGN_IN, SIGN_IN, NOT_FOUND, NOT_FOUND),
    f"/appointments/{UNKNOWN_ID}/proposal/": (405, SIGN_IN, 405, NOT_FOUND),
    "/account/": (SIGN_IN, 405, OK, 405),
    "/account/preferences/": (405, SIGN_IN, 405, "/account/"),
    "/account/contact/": (SIGN_IN, SIGN_IN, OK, 422),
    "/account/contact/code/": (SIGN_IN, SIGN_IN, OK, 409),
    "/account/reauthentication/": (SIGN_IN, SIGN_IN, OK, "/account/reauthentication/code/"),
    "/account/reauthentication/code/": (SIGN_IN, SIGN_IN, OK, 409),
}


def summarise_response(answer):
    return answer.headers["Location"] if answer.status_code == 302 else answer.status_code


def test_every_page_is_listed():
    assert set(PATHS) == set(EXPECTED_ANSWERS)


@pytest.fixture(scope="module")
def session_cookies(module_db) -> SimpleCookie:
    """What Ana's browser holds who signed in at Acme; a client of Globex has the same name, addresses and key."""
    acme, globex = (Business.objects.get(hostnames__slug=slug) for slug in ("acme", "globex"))
    for business in (acme, globex):
        with use_business(business):
            ClientFactory(name="Ana Pereira", email=ANA, mobile=MOBILE)
    browser = Client(headers={"host": hostnames.get_portal_host(acme)})
    acme_visitor = Visitor(acme, browser)
    acme_visitor.request_code()
    assert acme_visitor.submit_code(acme_visitor.code()).status_code == 302
    return browser.cookies


def request_page_as(path: str, business: Business, cookies: SimpleCookie) -> tuple:
    """Return what somebody gets who reads a page and then writes to it, at a browser of their own."""
    browser = Client(headers={"host": hostnames.get_portal_host(business)})
    browser.cookies.update(deepcopy(cookies))
    with rollback_afterwards():
        return summarise_response(browser.get(path)), summarise_response(browser.post(path))


@pytest.mark.parametrize("path", EXPECTED_ANSWERS)
def test_every_visitor_gets_the_expected_status(acme, globex, session_cookies, path):
    visitors = {
        "a stranger": (acme, SimpleCookie()),
        "a client": (acme, session_cookies),
        "another's client": (globex, session_cookies),
    }
    stranger, client = EXPECTED_ANSWERS[path][:2], EXPECTED_ANSWERS[path][2:]

    got = {name: request_page_as(path, *visitor) for name, visitor in visitors.items()}

    assert got == {"a stranger": stranger, "a client": client, "another's client": stranger}
