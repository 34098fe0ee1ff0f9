"""Malformed input at a portal never leads to a 500 and never costs data."""

import pytest
from django.test import Client
from django.urls import get_resolver

from portal.access.models import Challenge, ClientSession
from tenants.context import use_business
from tests.factories import ClientFactory

pytestmark = pytest.mark.slow

UNKNOWN_ID = "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"
PATHS = [
    f"/{prefix.pattern}{page.pattern}".replace("<uuid:pk>", UNKNOWN_ID)
    for prefix in get_resolver("config.urls_portal").url_patterns
    for page in prefix.url_patterns
]
FIELDS = "identifier code keep channel client ticket replaces kind language time_zone next again".split()
VALUES = {
    "nothing": "",
    "a null byte": "\x00",
    "a null byte inside": "ana\x00@example.com",
    "half a surrogate": b"\xed\xa0\x80",
    "not UTF-8": b"\xff\xfe\xfd",
    "not UTF-8 in an address": b"\xff@example.com",
    "percent signs": "%00%zz%",
    "very long": "9" * 100_000,
    "a long address": "ana@" + ".".join(["b" * 60] * 3) + ".example.com",
    "a long local part": "a" * 240 + "@example.com",
    "a number beyond 64 bits": "-" + "9" * 40,
    "not a number": "NaN",
    "SQL": "' OR '1'='1'; DROP TABLE clients_client; --",
    "a template": "{{ settings.SECRET_KEY }}{% include '/etc/passwd' %}",
    "markup": "<script>alert(1)</script>",
    "lines": "a\r\nSet-Cookie: x=y\r\n\r\n",
    "a path": "../../../../etc/passwd",
    "right to left": "\u202eana@example.com",
    "combining marks": "e" + "\u0301" * 500,
    "a ligature that grows": "\ufdfa" * 200,
    "full-width": "ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ",
    "a UUID of zeroes": "00000000-0000-0000-0000-000000000000",
    "a list": "[]",
}


@pytest.fixture(scope="module", params=VALUES)
def malformed_value(request):
    return VALUES[request.param]


@pytest.fixture
def challenged_ana(acme, ana, open_visitor):
    """A browser that has asked for a code."""
    visitor = open_visitor(acme)
    visitor.request_code()
    return visitor


def read_card(business, client):
    with use_business(business):
        return set(client.contacts.values_list("value", "may_sign_in"))


def test_malformed_form_fields_cause_no_server_error(
    acme, ana, signed_in_ana, challenged_ana, open_visitor, settings, malformed_value
):
    settings.LOGIN_REQUESTS_PER_IP = settings.LOGIN_GUESSES_PER_IP = "10000/hour"
    before = read_card(acme, ana)
    for browser in (signed_in_ana.browser, challenged_ana.browser, open_visitor(acme).browser):
        for path in PATHS:
            if path in ("/sign-out/", "/sessions/end-others/"):
                continue
            answer = browser.post(path, dict.fromkeys(FIELDS, malformed_value))
            assert answer.status_code < 500, path

    assert read_card(acme, ana) == before


def test_malformed_queries_cause_no_server_error(acme, ana, signed_in_ana, open_visitor, malformed_value):
    asked = malformed_value if len(malformed_value) < 5_000 else malformed_value[:5_000]
    for browser in (signed_in_ana.browser, open_visitor(acme).browser):
        for path in PATHS:
            assert browser.get(path, dict.fromkeys(FIELDS, asked)).status_code < 500, path


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"])
def test_no_method_causes_a_server_error(acme, signed_in_ana, method):
    for path in sorted(PATHS, key=lambda path: path == "/sign-out/"):
        answer = signed_in_ana.browser.generic(method, path)

        assert answer.status_code < 500, path
        if answer.status_code == 405:
            assert answer.headers["Allow"], path
            assert method == "HEAD" or answer.content, f"a person reads {path}"


BODIES = {
    "no form at all": (b"\x00\x01\x02", "application/octet-stream"),
    "JSON": (b'{"identifier": "ana@example.com"}', "application/json"),
    "broken multipart": (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
    "multipart without a boundary": (b"x", "multipart/form-data"),
    "multipart with a strange boundary": (b"x", "multipart/form-data; boundary=\xff"),
    "a file": (
        b'--x\r\nContent-Disposition: form-data; name="identifier"; filename="a"\r\n\r\nana@example.com\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "another character set": (b"identifier=ana", "application/x-www-form-urlencoded; charset=utf-16"),
    "a made-up character set": (b"identifier=ana", "application/x-www-form-urlencoded; charset=klingon"),
    "thousands of fields": (b"&".join([b"a=b"] * 5_000), "application/x-www-form-urlencoded"),
    "a megabyte": (b"identifier=" + b"a" * 1_000_001, "application/x-www-form-urlencoded"),
    "no type": (b"identifier=ana", ""),
    "half an escape": (b"identifier=%e2%82&identifier=%", "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("body", BODIES)
def test_malformed_bodies_cause_no_server_error(acme, challenged_ana, body):
    content, kind = BODIES[body]
    for checks in (False, True):
        browser = Client(headers={"host": "acme.localhost"}, enforce_csrf_checks=checks)
        browser.cookies.update(challenged_ana.browser.cookies)
        for path in ("/sign-in/code/", "/sign-in/resend/", "/account/contact/", "/language/", "/sign-in/"):
            answer = browser.generic("POST", path, content, content_type=kind)
            assert answer.status_code in (302, 400, 403, 409, 413, 422, 429), path
    assert challenged_ana.challenge.failures == 0


def test_a_body_of_one_megabyte_is_refused(acme, open_visitor):
    answer = open_visitor(acme).request_code("a" * 1_000_001 + "@example.com")

    assert answer.status_code == 413
    assert "<h1" in answer.content.decode()


CONFUSABLE_ADDRESSES = {
    "a Turkish dotless i": ("lind@example.com", "lınd@example.com"),
    "a dotted capital I": ("lind@example.com", "LİND@example.com"),
    "a Cyrillic a": ("ana@example.com", "аna@example.com"),
    "a Greek omicron": ("bo@example.com", "bο@example.com"),
    "a zero": ("bo@example.com", "b0@example.com"),
    "an accent": ("ana@example.com", "aná@example.com"),
    "a sharp s": ("strasse@example.com", "straße@example.com"),
    "a dot": ("ana@example.com", "a.na@example.com"),
    "a plus": ("ana@example.com", "ana+x@example.com"),
    "another domain in punycode": ("ana@example.com", "ana@xn--exmple-cua.com"),
    "a comment": ("ana@example.com", "ana(x)@example.com"),
    "two addresses": ("ana@example.com", "ana@example.com,evil@example.com"),
    "two at signs": ("ana@example.com", "evil@evil.example@example.com"),
    "a line break": ("ana@example.com", "ana@example.com\nbcc:evil@example.com"),
    "an IP domain": ("ana@example.com", "ana@[127.0.0.1]"),
}


@pytest.mark.parametrize("case", CONFUSABLE_ADDRESSES)
def test_a_lookalike_address_is_another_address(acme, open_visitor, outbox, case):
    on_file, typed = CONFUSABLE_ADDRESSES[case]
    with use_business(acme):
        ClientFactory(email=on_file)
    stranger = open_visitor(acme)

    assert stranger.request_code(typed).status_code in (302, 422)
    outbox.deliver_due()

    assert outbox.sent() == []


@pytest.mark.parametrize(
    ("on_file", "typed"),
    [
        ("ken@example.com", "\u212aen@example.com"),  # the Kelvin sign is a K
        ("ana@example.com", "ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ"),
        ("ana@example.com", "a\u200bna@example.com"),
        ("office@example.com", "oﬃce@example.com"),
        ("ana@example.com", "\u00a0ana@example.com\u3000"),
    ],
)
def test_an_equivalent_spelling_reaches_the_address_on_file_only(acme, open_visitor, outbox, on_file, typed):
    with use_business(acme):
        ClientFactory(email=on_file)
    open_visitor(acme).request_code(typed)
    outbox.deliver_due()

    assert {message["to"] for message in outbox.sent()} <= {on_file}


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "/\r\n/evil.example",
        "https:evil.example",
        "http://acme.localhost@evil.example/",
        "http://acme.localhost.evil.example/",
        "%2f%2fevil.example",
        "/" + "a" * 10_000,
        "\x00",
    ],
)
def test_choosing_a_language_never_redirects_to_another_site(acme, open_visitor, where):
    answer = open_visitor(acme).browser.post("/language/", {"language": "de", "next": where})

    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        location = answer.headers["Location"]
        assert location[0] == "/" or not location.partition("/")[0].count(":"), location
        assert location[:2] not in ("//", "/\\"), location
        assert "evil" not in location or location.startswith(("/", "%2f")), location
        assert not set(location) & set("\r\n\t"), location


def test_an_invalid_session_id_is_not_found(acme, signed_in_ana):
    for key in ("0", "1" * 40, "x", f"{UNKNOWN_ID}x", "%00", "..", UNKNOWN_ID.upper(), "９" * 8):
        assert signed_in_ana.browser.post(f"/sessions/{key}/end/").status_code in (404, 302), key
    assert signed_in_ana.request_home_status() == 200


@pytest.mark.parametrize("replaces", ["x", UNKNOWN_ID, "0", "\x00", "1" * 400, "' OR 1=1"])
def test_an_address_that_is_not_theirs_can_not_be_replaced(acme, ana, signed_in_ana, replaces):
    before = read_card(acme, ana)

    for path in ("/account/contact/", "/account/contact/code/"):
        assert signed_in_ana.browser.get(path, {"replaces": replaces}).status_code in (200, 404)
        answer = signed_in_ana.browser.post(path, {"identifier": "new@example.com", "code": "1", "replaces": replaces})
        assert answer.status_code in (404, 409)
    assert read_card(acme, ana) == before


def test_somebody_elses_address_can_not_be_replaced(acme, ana, signed_in_ana):
    with use_business(acme):
        bo = ClientFactory(name="Bo Lind", email="bo@example.com")
        theirs = bo.contacts.get().pk

    fields = {"identifier": "evil@example.com", "replaces": str(theirs)}
    assert signed_in_ana.browser.post("/account/contact/", fields).status_code == 404
    assert signed_in_ana.browser.get("/account/contact/", {"replaces": str(theirs)}).status_code == 404
    assert read_card(acme, bo) == {("bo@example.com", True)}


def test_reopening_the_sign_in_page_keeps_the_challenge(acme, challenged_ana):
    assert challenged_ana.browser.get("/sign-in/?again=1").status_code == 200
    assert challenged_ana.submit_code(challenged_ana.code()).status_code == 302


def test_a_second_attempt_in_the_same_browser_leaves_the_first_one_to_expire(acme, challenged_ana, count_sessions):
    challenged_ana.request_code()
    challenged_ana.submit_code(challenged_ana.code())

    assert count_sessions(acme) == 1
    with use_business(acme):
        assert Challenge.objects.filter(closed_at=None).count() == 1


def test_somebody_signed_in_who_signs_in_again_has_one_session_in_this_browser(acme, signed_in_ana, count_sessions):
    signed_in_ana.request_code()
    assert signed_in_ana.submit_code(signed_in_ana.code()).status_code == 302

    assert count_sessions(acme) == 1
    with use_business(acme):
        assert ClientSession.objects.count() == 2


def test_input_is_escaped_in_every_answer(acme, challenged_ana):
    for path, field in (("/sign-in/", "identifier"), ("/sign-in/code/", "code"), ("/sign-in/resend/", "channel")):
        page = challenged_ana.browser.post(path, {field: '"><script>alert(1)</script>'}).content.decode()
        assert "<script>alert" not in page, path


@pytest.mark.parametrize("agent", ["", "\x00", "x" * 60_000, "<script>", "Mozilla/" * 3_000, "\xff", "%s%n{0}"])
def test_a_browser_with_a_malformed_user_agent_can_sign_in(acme, ana, open_visitor, agent):
    visitor = open_visitor(acme, HTTP_USER_AGENT=agent)
    visitor.request_code()

    assert visitor.submit_code(visitor.code()).status_code == 302
    assert visitor.browser.get("/sessions/").status_code == 200


def test_a_malformed_language_header_is_no_error(acme, open_visitor):
    for language in ("", "*", "de;q=x", ",,,", "x" * 5_000, "de," * 5_000, "\x00", "zh-Hant-TW;q=1e999", "--", "../de"):
        assert open_visitor(acme, HTTP_ACCEPT_LANGUAGE=language).browser.get("/sign-in/").status_code == 200, language
        assert open_visitor(acme, HTTP_ACCEPT_LANGUAGE=language).browser.get("/nothing/").status_code == 404, language
