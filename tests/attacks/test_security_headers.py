"""I1: every response has the headers against framing, caching and cross-site use."""

import re

import pytest

from tests.attacks.production_server import PLATFORM, PORTAL, ProductionResponse

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SAME_SITE_FORM = FORM | {"Cookie": f"__Host-csrf={'a' * 32}", "Origin": f"https://{PORTAL}"}
TOO_LARGE_BODY = b"identifier=" + b"a" * 1_100_000
# What is asked for, and the status that comes back.
REQUESTS = {
    "a portal's front door": (200, {"path": "/sign-in/"}),
    "a portal's home, to a stranger": (302, {"path": "/"}),
    "the code page without an attempt": (200, {"path": "/sign-in/code/"}),
    "a portal's colours": (200, {"path": "/theme.css"}),
    "a portal's missing logo": (404, {"path": "/logo/"}),
    "a missing page": (404, {"path": "/nowhere/"}),
    "a missing page of the platform": (404, {"path": "/nowhere/", "host": PLATFORM}),
    "the platform's front page": (200, {"path": "/", "host": PLATFORM}),
    "a host nobody has": (404, {"path": "/", "host": "nobody.portico.io"}),
    "a host of somebody else": (404, {"path": "/", "host": "www.example.com"}),
    "a malformed host": (400, {"path": "/", "host": "acme.portico.io/../x"}),
    "a wrong method": (405, {"path": "/sign-in/resend/"}),
    "another wrong method": (405, {"path": "/sign-in/", "method": "OPTIONS"}),
    "a made-up method": (403, {"path": "/sign-in/", "method": "BREW"}),
    "a form of another site": (403, {"path": "/sign-in/", "method": "POST", "body": b"identifier=a", **FORM}),
    "a form far too big": (413, {"path": "/sign-in/", "method": "POST", "body": TOO_LARGE_BODY, **SAME_SITE_FORM}),
    "a refusal": (403, {"path": "/forbid/"}),
    "a failure": (500, {"path": "/fail/"}),
    "a failure of the platform": (500, {"path": "/fail/", "host": PLATFORM}),
    "the database away": (503, {"path": "/away/"}),
    "a file": (200, {"path": "/static/portal.css"}),
    "a missing file": (404, {"path": "/static/nothing.css"}),
    "a hook without a signature": (
        403,
        {"path": "/hooks/sendgrid/", "host": PLATFORM, "method": "POST", "body": b"[]"},
    ),
    "a hook read": (405, {"path": "/hooks/sendgrid/", "host": PLATFORM}),
    "a hook with a made-up token": (
        403,
        {"path": "/hooks/twilio/x/", "host": PLATFORM, "method": "POST", "body": b"a=b"},
    ),
    "a sign of life": (200, {"path": "/livez"}),
    "a sign of readiness": (200, {"path": "/readyz", "host": "anything"}),
}


@pytest.fixture(params=REQUESTS)
def production_response(request, production_server) -> ProductionResponse:
    """Each kind of response there is, in turn."""
    status, question = REQUESTS[request.param]
    answer = production_server.request(**question)
    assert answer.status == status, answer.body
    return answer


def test_responses_require_tls_by_hsts(production_response):
    seconds = re.match(r"max-age=(\d+)", production_response.headers["Strict-Transport-Security"])
    assert int(seconds[1]) >= 31_536_000


@pytest.mark.parametrize(
    ("host", "covers_subdomains"),
    [
        (PLATFORM, True),
        (PORTAL, True),
        (f"{PORTAL.upper()}.:443", True),
        ("nobody.portico.io", True),
        ("www.example.com", False),
        ("notportico.io", False),
        ("portico.io.example.com", False),
        ("acme.portico.io/../x", False),
    ],
)
def test_hsts_covers_the_subdomains_of_our_own_hosts_alone(production_server, host, covers_subdomains):
    policy = production_server.request("/sign-in/", host=host).headers["Strict-Transport-Security"]

    assert ("includeSubDomains" in policy) is covers_subdomains
    assert "preload" not in policy


def test_hsts_is_set_without_a_forwarded_proto_header(production_server):
    assert production_server.request("/sign-in/", **{"X-Forwarded-Proto": "http"}).headers["Strict-Transport-Security"]


def test_the_content_security_policy_allows_own_resources_only(production_response):
    [policy] = production_response.headers.get_all("Content-Security-Policy")
    allowed = {name: set(sources) for name, *sources in (part.split() for part in policy.split("; "))}

    assert allowed.pop("default-src") == {"'none'"}
    assert allowed.pop("frame-ancestors") == allowed.pop("base-uri") == {"'none'"}
    assert allowed.pop("form-action") == {"'self'"}
    assert allowed.pop("img-src") <= {"'self'", "data:"}
    assert all(sources <= {"'self'", "'none'"} for sources in allowed.values()), policy


def test_responses_forbid_framing_sniffing_and_referrers(production_response):
    assert production_response.headers["X-Frame-Options"] == "DENY"
    assert production_response.headers["X-Content-Type-Options"] == "nosniff"
    assert production_response.headers["Referrer-Policy"] == "same-origin"
    assert production_response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert production_response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_every_response_has_a_content_type(production_response):
    media_type, _, charset = production_response.headers.get("Content-Type", "").partition("; charset=")
    if production_response.body:
        assert media_type
        assert charset == "utf-8" or media_type != "text/html"


@pytest.mark.parametrize("name", [name for name in REQUESTS if name not in ("a file", "a portal's colours")])
def test_dynamic_responses_are_never_cached(production_server, name):
    assert "no-store" in production_server.request(**REQUESTS[name][1]).headers["Cache-Control"]


def test_cookies_are_host_only_secure_and_http_only(production_server):
    cookies = production_server.request("/sign-in/").headers.get_all("Set-Cookie")

    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/"} <= parts
        assert parts & {"samesite=lax", "samesite=strict"}
        assert not any(part.startswith("domain") for part in parts)


@pytest.mark.parametrize("status", [500, 503])
def test_an_error_page_does_not_reveal_its_cause(production_server, status):
    answer = production_server.request({500: "/fail/", 503: "/away/"}[status])

    assert answer.status == status
    assert "<html" in answer.body
    assert [
        word for word in ("hush", "Traceback", "RuntimeError", "fragile", "settings", PORTAL) if word in answer.body
    ] == []


def test_an_unavailable_service_says_when_to_retry(production_server):
    assert int(production_server.request("/away/").headers["Retry-After"]) > 0
