"""Cookies that another release signed recognise nobody, and break no sign-in."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core import signing

from tenants.models import Person
from tenants.staff import known_browsers
from tests.factories import create_member

SIGN_IN, CODE, PASSKEY = "/staff/sign-in/", "/staff/sign-in/code/", "/staff/sign-in/passkey/"
MARK = "0" * 32

# The salt of earlier releases, and the present one.
every_salt = pytest.mark.parametrize("salt", ["portico.staff-browser", known_browsers.SALT])
# Base64 of each length is padded in another way.
every_length = pytest.mark.parametrize("people", [1, 2, 3, 5])


@pytest.fixture
def sam(acme, outbox) -> Person:
    """Sam, who works at Acme."""
    return create_member(acme, "staff").person


def sign_list(people, salt):
    """Return a cookie as earlier releases made them: a list, signed together with the time."""
    return signing.dumps([MARK] * people, salt=salt)


def request_codes(platform_client, cookie, *emails):
    answers = []
    for email in emails:
        browser = platform_client()
        browser.cookies[known_browsers.COOKIE] = cookie
        answer = browser.post(SIGN_IN, {"email": email})
        answers.append((answer.status_code, answer.headers.get("Location")))
    return answers


@every_salt
@every_length
def test_an_old_cookie_gives_members_and_strangers_the_same_answer(sam, platform_client, salt, people):
    answers = request_codes(platform_client, sign_list(people, salt), sam.email, "nobody@acme.test")

    assert answers == [(302, CODE)] * 2


@pytest.mark.parametrize("form", [[MARK], {MARK: "now"}, {MARK: None}, {}, "text", 7, None])
def test_a_signed_cookie_of_any_form_gives_the_same_answer(sam, platform_client, form):
    cookie = signing.Signer(salt=known_browsers.SALT).sign_object(form)

    assert request_codes(platform_client, cookie, sam.email, "nobody@acme.test") == [(302, CODE)] * 2


@every_salt
@every_length
def test_who_enters_a_code_with_an_old_cookie_is_signed_in_and_gets_a_new_one(
    sam, platform_client, outbox, salt, people
):
    browser, cookie = platform_client(), sign_list(people, salt)
    browser.post(SIGN_IN, {"email": sam.email})
    outbox.deliver_due()
    browser.cookies[known_browsers.COOKIE] = cookie

    answer = browser.post(CODE, {"code": outbox.code(sam.email)})

    assert answer.headers["Location"] == "/console/"
    assert browser.cookies[known_browsers.COOKIE].value != cookie


@every_salt
@every_length
def test_who_uses_a_passkey_with_an_old_cookie_is_signed_in(sam, platform_client, monkeypatch, salt, people):
    passkey = Authenticator.objects.create(user=sam, type=Authenticator.Type.WEBAUTHN, data={"passwordless": True})
    # The ceremony itself is allauth's; here its answer is right.
    monkeypatch.setattr(auth, "parse_authentication_response", lambda credential: credential)
    monkeypatch.setattr(auth, "extract_user_from_response", lambda _credential: sam)
    monkeypatch.setattr(auth, "complete_authentication", lambda _person, _credential: passkey)
    browser = platform_client()
    browser.cookies[known_browsers.COOKIE] = sign_list(people, salt)

    assert browser.post(PASSKEY, {"credential": '{"id": "passkey"}'}).headers["Location"] == "/console/"
