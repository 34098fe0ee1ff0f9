"""Signing in with a passkey."""

import pytest

from portal.access.models import ClientSession
from portal.activity.models import Entry
from portal.passkeys.models import Passkey
from tenants.context import use_business
from tests.portal.access.sign_in_steps import ANA
from tests.portal.passkeys.passkey_steps import sign_in_with_passkey


@pytest.fixture
def browser(acme, browser_with_passkey, portal_client):
    """Another browser of Ana's, signed out."""
    return portal_client(acme)


def test_a_passkey_signs_its_client_in(acme, ana, browser, authenticator):
    answer = sign_in_with_passkey(browser, authenticator)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "Ana" in browser.get("/").content.decode()


def test_no_passkey_is_named_before_somebody_uses_one(browser):
    options = browser.post("/passkeys/sign-in/options/").json()["publicKey"]

    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"


def test_its_session_is_an_ordinary_one(acme, ana, browser, authenticator):
    sign_in_with_passkey(browser, authenticator)

    with use_business(acme):
        session = ClientSession.objects.latest("created_at")
        assert (session.client_id, session.address, session.remember_me) == (ana.pk, ANA, False)
    assert browser.post("/sign-out/").status_code == 302
    assert browser.get("/").headers["Location"] == "/sign-in/"


def test_the_timeline_says_that_a_passkey_was_used(acme, browser, authenticator):
    sign_in_with_passkey(browser, authenticator)

    with use_business(acme):
        assert Entry.objects.filter(event_type="access.signed-in").latest("at").data["method"] == "passkey"


def test_the_counter_and_the_last_use_are_stored(acme, browser, authenticator):
    sign_in_with_passkey(browser, authenticator)

    with use_business(acme):
        passkey = Passkey.objects.get()
        assert passkey.sign_count == authenticator.count == 2
        assert passkey.used_at


def test_an_authenticator_without_a_counter_signs_in_again_and_again(acme, signed_in_browser, authenticator, request):
    authenticator.count = None
    browser = request.getfixturevalue("browser")

    assert [sign_in_with_passkey(browser, authenticator).status_code for _time in range(2)] == [302, 302]


def test_two_tabs_of_the_sign_in_page_both_work(browser, authenticator):
    first, _second = (browser.post("/passkeys/sign-in/options/").json() for _tab in range(2))

    answer = browser.post(
        "/passkeys/sign-in/",
        {"challenge_state": first["state"], "passkey_response": authenticator.get(first["publicKey"])},
    )

    assert answer.status_code == 302


def test_opening_the_sign_in_page_writes_nothing(browser, django_assert_num_queries):
    with django_assert_num_queries(0):
        browser.post("/passkeys/sign-in/options/")


def test_a_client_with_a_passkey_is_still_sent_codes(acme, browser_with_passkey, portal_client):
    browser = portal_client(acme)

    assert browser.post("/sign-in/", {"identifier": ANA}).headers["Location"] == "/sign-in/code/"
