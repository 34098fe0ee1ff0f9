"""L19: a planted cookie is worthless."""

import pytest
from django.test import Client

from portal.access.models import Challenge, ClientSession
from tenants import hostnames
from tenants.context import use_business
from tests.portal.access.sign_in_steps import ANA

NAMES = ["session", "csrf", "challenge", "confirmation", "browser"]


def cookie_values(visitor):
    return {name: morsel.value for name, morsel in visitor.browser.cookies.items() if morsel.value}


def test_signing_in_replaces_every_cookie(acme, ana, open_visitor):
    victim = open_visitor(acme)
    planted = {name: "p" * (32 if name == "csrf" else 43) for name in NAMES}
    for name, value in planted.items():
        victim.browser.cookies[name] = value

    victim.request_code()
    victim.submit_code(victim.code())

    assert victim.request_home_status() == 200
    for name in ("session", "csrf", "challenge", "browser"):
        assert cookie_values(victim).get(name) != planted[name], name


def test_a_session_cookie_planted_before_signing_in_is_invalid_afterwards(acme, ana, attacker, open_visitor):
    planted = cookie_values(attacker)["session"]
    victim = open_visitor(acme)
    victim.browser.cookies["session"] = planted

    victim.request_code()
    victim.submit_code(victim.code())

    assert cookie_values(victim)["session"] != planted
    assert "Ana" in victim.browser.get("/").content.decode()
    thief = open_visitor(acme)
    thief.browser.cookies["session"] = planted
    assert thief.request_home_status() == 302


def test_an_unknown_session_cookie_never_becomes_a_session(acme, ana, open_visitor):
    victim = open_visitor(acme)
    victim.browser.cookies["session"] = "chosen-by-the-attacker"
    victim.request_code()
    victim.submit_code(victim.code())

    thief = open_visitor(acme)
    thief.browser.cookies["session"] = "chosen-by-the-attacker"
    assert thief.request_home_status() == 302


def test_a_planted_challenge_cookie_is_replaced_when_a_code_is_asked_for(acme, ana, open_visitor):
    attacker, victim = open_visitor(acme), open_visitor(acme)
    attacker.request_code()
    victim.browser.cookies["challenge"] = planted = cookie_values(attacker)["challenge"]

    victim.request_code()

    assert cookie_values(victim)["challenge"] != planted
    assert attacker.submit_code(victim.code()).status_code == 422


def test_a_planted_browser_cookie_is_not_recognised_as_the_victims_afterwards(acme, ana, attacker, open_visitor):
    victim = open_visitor(acme)
    victim.browser.cookies["browser"] = planted = cookie_values(attacker)["browser"]
    victim.request_code()
    victim.submit_code(victim.code())

    attacker = open_visitor(acme)
    attacker.browser.cookies["browser"] = planted
    attacker.request_code()

    assert attacker.challenge.is_recognised_browser is False


def test_a_browser_that_several_people_use_is_recognised_as_each_of_theirs(acme, ana, attacker, open_visitor):
    for address in (ANA, "mallory@example.com", ANA, "mallory@example.com"):
        attacker.browser.post("/sign-out/")
        attacker.request_code(address)
        attacker.submit_code(attacker.code())
    attacker.browser.post("/sign-out/")

    for address in (ANA, "mallory@example.com"):
        attacker.request_code(address)
        assert attacker.challenge.is_recognised_browser is True, address
    with use_business(acme):
        assert Challenge.objects.filter(is_recognised_browser=False).count() == 2


@pytest.mark.parametrize("value", ["", "ü", "x" * 3000, "a b", '"', "=;", "%00", "0"])
def test_an_invalid_cookie_is_ignored(acme, ana, open_visitor, value):
    victim = open_visitor(acme)
    for name in NAMES:
        victim.browser.cookies[name] = value

    assert victim.request_home_status() == 302
    assert victim.browser.get("/sign-in/").status_code == 200
    assert victim.browser.get("/sign-in/code/").status_code == 200
    assert victim.browser.post("/account/reauthentication/").status_code == 302
    assert victim.request_code().status_code == 302
    assert victim.submit_code(victim.code()).status_code == 302


@pytest.mark.parametrize(
    "header",
    [
        *("session=\x00", "session=\x01", "csrf=\x7f\x80", "session", ";;;;", "=" * 200),
        *("session=a; session=b", "a" * 7000, 'session="\\777"'),
    ],
)
def test_an_invalid_cookie_header_is_ignored(acme, header):
    browser = Client(headers={"host": hostnames.get_portal_host(acme), "cookie": header})

    assert browser.get("/").status_code == 302
    assert browser.get("/sign-in/").status_code == 200


def test_cookies_are_host_only_and_http_only(acme, ana, open_visitor):
    victim = open_visitor(acme)
    victim.browser.get("/sign-in/")
    victim.request_code()
    victim.submit_code(victim.code())

    assert {"session", "csrf", "challenge", "browser"} <= set(victim.browser.cookies)
    for name, morsel in victim.browser.cookies.items():
        assert morsel["domain"] == "", name
        assert morsel["path"] == "/", name
        assert morsel["httponly"], name
        assert morsel["samesite"] == "Lax", name


def test_only_the_digest_of_a_token_is_stored(acme, ana, open_visitor):
    victim = open_visitor(acme)
    victim.request_code()
    tokens = [cookie_values(victim)["challenge"]]
    victim.submit_code(victim.code())
    tokens += [cookie_values(victim)["session"], cookie_values(victim)["browser"]]

    with use_business(acme):
        rows = [*Challenge.objects.values(), *ClientSession.objects.values()]
    kept = b"".join(bytes(v) for row in rows for v in row.values() if isinstance(v, bytes | memoryview))
    for token in tokens:
        assert token[:16] not in str(rows)
        assert token[:16].encode() not in kept
