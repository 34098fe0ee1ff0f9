"""L20: a form sent by another site is rejected."""

import pytest
from django.test import Client

from portal.access.models import Challenge, ClientSession
from tenants import hostnames
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA

FORMS = {
    "/sign-in/": {"identifier": ANA},
    "/sign-in/code/": {"code": "123456"},
    "/sign-in/resend/": {},
    "/sign-in/who/": {"client": "x"},
    "/sign-in/start/": {"link": "x"},
    "/sign-out/": {},
    "/sessions/end-others/": {},
    "/sessions/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/end/": {},
    "/passkeys/new/": {"challenge_state": "x", "passkey_response": "x"},
    "/passkeys/new/options/": {},
    "/passkeys/sign-in/": {"challenge_state": "x", "passkey_response": "x"},
    "/passkeys/sign-in/options/": {},
    "/passkeys/offer/dismissal/": {},
    "/passkeys/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/removal/": {},
    "/account/reauthentication/": {},
    "/account/reauthentication/code/": {"code": "123456"},
    "/account/contact/": {"identifier": "evil@example.com"},
    "/account/contact/code/": {"code": "123456"},
    "/account/preferences/": {"language": "de", "time_zone": "Europe/Berlin"},
    "/language/": {"language": "de"},
    "/contact/": {"name": "Eve", "email": "evil@example.com", "message": "Hello"},
    "/book/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/holds/": {"starts_at": "2027-01-11T08:00:00Z"},
    "/book/holds/<str:token>/": {"name": "Eve", "email": "evil@example.com"},
    "/book/holds/<str:token>/release/": {},
    "/book/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/waiting-list/": {"from_on": "2027-01-11", "until_on": "2027-01-12"},
    "/book/offers/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/acceptance/": {},
    "/book/offers/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/refusal/": {},
    "/appointments/waiting-list/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/withdrawal/": {},
    "/appointments/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/time/": {"starts_at": "2027-01-11T08:00:00Z"},
    "/appointments/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/cancellation/": {"reason": "x"},
    "/appointments/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/proposal/": {},
    "/appointments/feed/": {},
    "/appointments/feed/revocation/": {},
    "/messages/": {"body": "Send it to my new account."},
    "/impersonation/start/": {"token": "x"},
    "/impersonation/exit/": {},
}


# Forms in frames of other websites, to which browsers send no cookies; test_embedding attacks them.
EMBEDDED_FORMS = {
    "/embed/contact-form/",
    "/embed/booking/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/holds/",
    "/embed/booking/holds/<str:token>/",
    "/embed/booking/holds/<str:token>/release/",
}
SAFE_ROUTES = {
    "/",
    "/theme.css",
    "/logo/",
    "/sign-in/help/",
    "/sign-in/allow-list/",
    "/sessions/",
    "/account/",
    "/messages/live/",
    "/contact/thanks/",
    "/embed/contact-form/thanks/",
    *(
        f"/{prefix}/{page}"
        for prefix in ("book", "embed/booking")
        for page in ("", "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/", "holds/<str:token>/calendar/")
    ),
    "/book/offers/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/",
    "/appointments/",
    "/appointments/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/",
    "/appointments/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/calendar.ics",
    "/feeds/<slug:token>.ics",
    "/embed/v1.js",
    "/impersonation/ended/",
    "/.well-known/portico/",
}


@pytest.fixture
def csrf_checking_client(acme, ana):
    """Ana's browser, signed in, at a portal that checks its forms as it does in earnest."""
    browser = Client(headers={"host": hostnames.get_portal_host(acme)}, enforce_csrf_checks=True)
    browser.get("/sign-in/")
    return browser


def csrf_token(browser):
    """Return the token that a page of the portal puts into its forms."""
    return browser.get("/sign-in/?again=1").context["csrf_token"].__str__()


def test_a_form_without_its_token_is_refused(csrf_checking_client, acme):
    for path, fields in FORMS.items():
        answer = csrf_checking_client.post(path, fields)
        assert answer.status_code == 403, path
        assert "<h1" in answer.content.decode(), path

    with use_business(acme):
        assert not Challenge.objects.exists()


@pytest.mark.parametrize(
    "origin",
    [
        "http://globex.localhost",
        "https://evil.example",
        "null",
        "http://localhost",
        "http://acme.localhost.evil.example",
        "http://acme.localhost:81",
    ],
)
def test_a_form_from_another_site_is_refused_even_with_a_valid_token(csrf_checking_client, origin):
    token = {"csrfmiddlewaretoken": csrf_token(csrf_checking_client)}

    for path, fields in FORMS.items():
        assert csrf_checking_client.post(path, fields | token, headers={"origin": origin}).status_code == 403, path


def test_a_form_with_its_own_token_is_accepted(csrf_checking_client):
    fields = {"identifier": ANA, "csrfmiddlewaretoken": csrf_token(csrf_checking_client)}

    assert (
        csrf_checking_client.post("/sign-in/", fields, headers={"origin": "http://acme.localhost"}).status_code == 302
    )


def test_a_token_of_a_sibling_portal_is_refused(csrf_checking_client, globex):
    sibling = Client(headers={"host": hostnames.get_portal_host(globex)})
    token = csrf_token(sibling)

    for origin in ({}, {"origin": "http://globex.localhost"}):
        assert (
            csrf_checking_client.post(
                "/sign-in/", {"identifier": ANA, "csrfmiddlewaretoken": token}, headers=origin
            ).status_code
            == 403
        )


def test_a_csrf_cookie_planted_by_a_sibling_portal_is_refused(csrf_checking_client, globex):
    sibling = Client(headers={"host": hostnames.get_portal_host(globex)})
    token = csrf_token(sibling)
    csrf_checking_client.cookies["csrf"] = sibling.cookies["csrf"].value

    fields = {"identifier": ANA, "csrfmiddlewaretoken": token}
    assert (
        csrf_checking_client.post("/sign-in/", fields, headers={"origin": "http://globex.localhost"}).status_code == 403
    )


def test_an_attacker_s_form_signs_nobody_in(csrf_checking_client, acme, open_visitor):
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    attacker = open_visitor(acme)
    attacker.request_code("mallory@example.com")
    csrf_checking_client.cookies["challenge"] = attacker.browser.cookies["challenge"].value
    code = {"code": attacker.code()}

    assert csrf_checking_client.post("/sign-in/code/", code).status_code == 403
    token = csrf_token(csrf_checking_client)
    cross = {"origin": "https://evil.example"}
    assert (
        csrf_checking_client.post("/sign-in/code/", code | {"csrfmiddlewaretoken": token}, headers=cross).status_code
        == 403
    )
    assert csrf_checking_client.get("/").status_code == 302


def test_the_token_from_before_signing_in_is_refused_afterwards(csrf_checking_client, acme):
    before = csrf_token(csrf_checking_client)
    fields = {"csrfmiddlewaretoken": before}
    assert csrf_checking_client.post("/sign-in/", fields | {"identifier": ANA}).status_code == 302

    assert csrf_checking_client.post("/sign-in/resend/", fields).status_code == 403


def test_over_tls_a_form_without_origin_and_referer_is_refused(csrf_checking_client):
    fields = {"identifier": ANA, "csrfmiddlewaretoken": csrf_token(csrf_checking_client)}

    assert csrf_checking_client.post("/sign-in/", fields, secure=True).status_code == 403
    assert (
        csrf_checking_client.post(
            "/sign-in/", fields, secure=True, headers={"referer": "https://globex.localhost/"}
        ).status_code
        == 403
    )
    assert (
        csrf_checking_client.post(
            "/sign-in/", fields, secure=True, headers={"referer": "https://acme.localhost/"}
        ).status_code
        == 302
    )


def test_every_form_is_listed():
    from django.urls import get_resolver

    paths = {
        f"/{prefix.pattern}{page.pattern}".replace("<uuid:pk>", "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10")
        for prefix in get_resolver("config.urls_portal").url_patterns
        if str(prefix.pattern) != "api/v1/"  # programs have no forms
        for page in prefix.url_patterns
    }

    assert paths - SAFE_ROUTES - EMBEDDED_FORMS == set(FORMS)


def test_get_requests_change_nothing(acme, attacker):
    def read_sign_in_rows():
        with use_business(acme):
            sessions = list(ClientSession.objects.values("pk", "ended_at"))
            return sessions, list(Challenge.objects.values("pk", "closed_at", "failures", "sent_at"))

    before = read_sign_in_rows()
    for path in FORMS:
        for method in (attacker.browser.get, attacker.browser.head, attacker.browser.options):
            assert method(path).status_code in (200, 302, 403, 404, 405, 410), path

    assert read_sign_in_rows() == before
