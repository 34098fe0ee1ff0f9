"""L19, L20: is a cookie that was planted, or a form that another site sends, worth anything?"""

import pytest
from django.test import Client

from portal.access.models import Challenge, ClientSession
from tenants import addresses
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.access.people import ANA

NAMES = ["session", "csrf", "challenge", "confirmation", "browser"]


@pytest.fixture
def mallory(acme, visit):
    """Mallory, who is a client of Acme as well, signed in."""
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    mallory = visit(acme)
    mallory.ask("mallory@example.com")
    mallory.type(mallory.code())
    assert mallory.home() == 200
    return mallory


def values(visitor):
    return {name: morsel.value for name, morsel in visitor.browser.cookies.items() if morsel.value}


# --- Planted cookies (L19) ----------------------------------------------------


def test_a_sign_in_replaces_every_cookie_that_was_there_before(acme, ana, visit):
    victim = visit(acme)
    planted = {name: "p" * (32 if name == "csrf" else 43) for name in NAMES}
    for name, value in planted.items():
        victim.browser.cookies[name] = value

    victim.ask()
    victim.type(victim.code())

    assert victim.home() == 200
    for name in ("session", "csrf", "challenge", "browser"):
        assert values(victim).get(name) != planted[name], name


def test_a_session_cookie_planted_before_the_sign_in_is_worthless_after_it(acme, ana, mallory, visit):
    planted = values(mallory)["session"]
    victim = visit(acme)
    victim.browser.cookies["session"] = planted

    victim.ask()
    victim.type(victim.code())

    assert values(victim)["session"] != planted
    assert "Ana" in victim.browser.get("/").content.decode()
    thief = visit(acme)
    thief.browser.cookies["session"] = planted
    assert thief.home() == 302


def test_an_unknown_session_cookie_never_becomes_a_session(acme, ana, visit):
    victim = visit(acme)
    victim.browser.cookies["session"] = "chosen-by-the-attacker"
    victim.ask()
    victim.type(victim.code())

    thief = visit(acme)
    thief.browser.cookies["session"] = "chosen-by-the-attacker"
    assert thief.home() == 302


def test_a_planted_challenge_cookie_is_replaced_when_a_code_is_asked_for(acme, ana, visit):
    attacker, victim = visit(acme), visit(acme)
    attacker.ask()
    victim.browser.cookies["challenge"] = planted = values(attacker)["challenge"]

    victim.ask()

    assert values(victim)["challenge"] != planted
    assert attacker.type(victim.code()).status_code == 422


def test_a_planted_browser_cookie_is_not_recognised_as_the_victims_afterwards(acme, ana, mallory, visit):
    victim = visit(acme)
    victim.browser.cookies["browser"] = planted = values(mallory)["browser"]
    victim.ask()
    victim.type(victim.code())

    attacker = visit(acme)
    attacker.browser.cookies["browser"] = planted
    attacker.ask()

    assert attacker.challenge.recognised is False


def test_a_browser_that_several_people_use_is_recognised_as_each_of_theirs(acme, ana, mallory, visit):
    for address in (ANA, "mallory@example.com", ANA, "mallory@example.com"):
        mallory.browser.post("/sign-out/")
        mallory.ask(address)
        mallory.type(mallory.code())
    mallory.browser.post("/sign-out/")

    for address in (ANA, "mallory@example.com"):
        mallory.ask(address)
        assert mallory.challenge.recognised is True, address
    with use_business(acme):
        assert Challenge.objects.filter(recognised=False).count() == 2


@pytest.mark.parametrize("value", ["", "ü", "x" * 3000, "a b", '"', "=;", "%00", "0"])
def test_a_bad_cookie_makes_a_stranger_and_no_error(acme, ana, visit, value):
    victim = visit(acme)
    for name in NAMES:
        victim.browser.cookies[name] = value

    assert victim.home() == 302
    assert victim.browser.get("/sign-in/").status_code == 200
    assert victim.browser.get("/sign-in/code/").status_code == 200
    assert victim.browser.post("/profile/confirm/").status_code == 302
    assert victim.ask().status_code == 302
    assert victim.type(victim.code()).status_code == 302


@pytest.mark.parametrize(
    "header",
    [
        *("session=\x00", "session=\x01", "csrf=\x7f\x80", "session", ";;;;", "=" * 200),
        *("session=a; session=b", "a" * 7000, 'session="\\777"'),
    ],
)
def test_a_bad_cookie_header_makes_a_stranger_and_no_error(acme, header):
    browser = Client(headers={"host": addresses.portal_host(acme), "cookie": header})

    assert browser.get("/").status_code == 302
    assert browser.get("/sign-in/").status_code == 200


def test_cookies_are_for_this_host_alone_and_out_of_reach_of_scripts(acme, ana, visit):
    victim = visit(acme)
    victim.browser.get("/sign-in/")
    victim.ask()
    victim.type(victim.code())

    assert {"session", "csrf", "challenge", "browser"} <= set(victim.browser.cookies)
    for name, morsel in victim.browser.cookies.items():
        assert morsel["domain"] == "", name
        assert morsel["path"] == "/", name
        assert morsel["httponly"], name
        assert morsel["samesite"] == "Lax", name


def test_a_token_is_kept_only_as_its_digest(acme, ana, visit):
    victim = visit(acme)
    victim.ask()
    tokens = [values(victim)["challenge"]]
    victim.type(victim.code())
    tokens += [values(victim)["session"], values(victim)["browser"]]

    with use_business(acme):
        rows = [*Challenge.objects.values(), *ClientSession.objects.values()]
    kept = b"".join(bytes(v) for row in rows for v in row.values() if isinstance(v, bytes | memoryview))
    for token in tokens:
        assert token[:16] not in str(rows)
        assert token[:16].encode() not in kept


# --- Forms sent by others (L20) -----------------------------------------------

FORMS = {
    "/sign-in/": {"identifier": ANA},
    "/sign-in/code/": {"code": "123456"},
    "/sign-in/resend/": {},
    "/sign-in/who/": {"client": "x"},
    "/sign-out/": {},
    "/sessions/end-others/": {},
    "/sessions/6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10/end/": {},
    "/profile/confirm/": {},
    "/profile/confirm/code/": {"code": "123456"},
    "/profile/contact/": {"identifier": "evil@example.com"},
    "/profile/contact/code/": {"code": "123456"},
    "/profile/preferences/": {"language": "de", "time_zone": "Europe/Berlin"},
    "/language/": {"language": "de"},
}


@pytest.fixture
def strict(acme, ana):
    """Ana's browser, signed in, at a portal that checks its forms as it does in earnest."""
    browser = Client(headers={"host": addresses.portal_host(acme)}, enforce_csrf_checks=True)
    browser.get("/sign-in/")
    return browser


def own_token(browser):
    """Return the token that a page of the portal puts into its forms."""
    return browser.get("/sign-in/?again=1").context["csrf_token"].__str__()


def test_a_form_without_its_token_is_refused(strict, acme):
    for path, fields in FORMS.items():
        answer = strict.post(path, fields)
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
def test_a_form_from_another_site_is_refused_even_with_a_valid_token(strict, origin):
    token = {"csrfmiddlewaretoken": own_token(strict)}

    for path, fields in FORMS.items():
        assert strict.post(path, fields | token, headers={"origin": origin}).status_code == 403, path


def test_a_form_of_ones_own_is_taken(strict):
    fields = {"identifier": ANA, "csrfmiddlewaretoken": own_token(strict)}

    assert strict.post("/sign-in/", fields, headers={"origin": "http://acme.localhost"}).status_code == 302


def test_a_token_of_a_sibling_portal_is_worth_nothing(strict, globex):
    sibling = Client(headers={"host": addresses.portal_host(globex)})
    token = own_token(sibling)

    for origin in ({}, {"origin": "http://globex.localhost"}):
        assert (
            strict.post("/sign-in/", {"identifier": ANA, "csrfmiddlewaretoken": token}, headers=origin).status_code
            == 403
        )


def test_a_sibling_portal_that_plants_its_own_csrf_cookie_still_can_not_post_here(strict, globex):
    sibling = Client(headers={"host": addresses.portal_host(globex)})
    token = own_token(sibling)
    strict.cookies["csrf"] = sibling.cookies["csrf"].value

    fields = {"identifier": ANA, "csrfmiddlewaretoken": token}
    assert strict.post("/sign-in/", fields, headers={"origin": "http://globex.localhost"}).status_code == 403


def test_nobody_is_signed_in_as_the_attacker_by_a_form_of_the_attackers(strict, acme, visit):
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    attacker = visit(acme)
    attacker.ask("mallory@example.com")
    strict.cookies["challenge"] = values(attacker)["challenge"]
    code = {"code": attacker.code()}

    assert strict.post("/sign-in/code/", code).status_code == 403
    token = own_token(strict)
    cross = {"origin": "https://evil.example"}
    assert strict.post("/sign-in/code/", code | {"csrfmiddlewaretoken": token}, headers=cross).status_code == 403
    assert strict.get("/").status_code == 302


def test_the_token_of_before_the_sign_in_is_worth_nothing_after_it(strict, acme):
    before = own_token(strict)
    fields = {"csrfmiddlewaretoken": before}
    assert strict.post("/sign-in/", fields | {"identifier": ANA}).status_code == 302

    assert strict.post("/sign-in/resend/", fields).status_code == 403


def test_over_tls_a_form_without_origin_and_referer_is_refused(strict):
    fields = {"identifier": ANA, "csrfmiddlewaretoken": own_token(strict)}

    assert strict.post("/sign-in/", fields, secure=True).status_code == 403
    assert (
        strict.post("/sign-in/", fields, secure=True, headers={"referer": "https://globex.localhost/"}).status_code
        == 403
    )
    assert (
        strict.post("/sign-in/", fields, secure=True, headers={"referer": "https://acme.localhost/"}).status_code == 302
    )


def test_every_form_is_in_the_list_above():
    from django.urls import get_resolver

    paths = {
        f"/{prefix.pattern}{page.pattern}".replace("<uuid:pk>", "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10")
        for prefix in get_resolver("config.urls_portal").url_patterns
        for page in prefix.url_patterns
    }
    reads_only = {"/", "/theme.css", "/logo/", "/sign-in/help/", "/sign-in/allow-list/", "/sessions/", "/profile/"}

    assert paths - reads_only == set(FORMS)


def test_reading_changes_nothing(acme, mallory):
    def everything():
        with use_business(acme):
            sessions = list(ClientSession.objects.values("pk", "ended_at"))
            return sessions, list(Challenge.objects.values("pk", "closed_at", "failures", "sent_at"))

    before = everything()
    for path in FORMS:
        for method in (mallory.browser.get, mallory.browser.head, mallory.browser.options):
            assert method(path).status_code in (200, 302, 404, 405), path

    assert everything() == before
