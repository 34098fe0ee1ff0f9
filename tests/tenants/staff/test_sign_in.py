"""Staff sign in by a code sent to their mailbox, and nobody else does."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.urls import NoReverseMatch, reverse

from tenants.models import Person, StaffEmail
from tenants.staff import mfa
from tests.factories import create_member
from tests.sent_messages import SentMessages

SIGN_IN, CODE, HOME = "/staff/sign-in/", "/staff/sign-in/code/", "/console/acme/"


@pytest.fixture(autouse=True)
def _isolated_outbox(outbox):
    """Every test here leaves its mails in a folder of its own."""


@pytest.fixture
def sam(acme) -> Person:
    """Sam, who works at Acme."""
    return create_member(acme, "staff").person


def code_for(person: Person) -> str:
    """Return the newest code mailed to somebody, once the workers have sent it."""
    mails = SentMessages()
    mails.deliver_due()
    return mails.code(person.email)


def sign_in_staff(browser, person, **more):
    """Ask for a code and type it."""
    browser.post(SIGN_IN, {"email": person.email} | more)
    return browser.post(CODE, {"code": code_for(person)} | more)


def authenticator_code(secret: str, *, steps_ago: int = 0) -> str:
    """Return what an authenticator app shows now, or showed so many times half a minute ago."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - steps_ago))


def test_a_code_by_mail_opens_the_console(sam, platform_client):
    browser = platform_client()

    answer = sign_in_staff(browser, sam)

    assert answer.headers["Location"] == "/console/"
    assert browser.get(HOME).status_code == 200


@pytest.mark.parametrize("spelling", ["{c}", " {a}-{b} ", "Your code is {c}"])
@pytest.mark.parametrize("zero", ["0", "٠", "०", "０"])
def test_a_code_may_be_typed_in_any_digits_and_pasted_as_it_was_copied(sam, platform_client, spelling, zero):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    code = code_for(sam).translate({ord(str(digit)): chr(ord(zero) + digit) for digit in range(10)})

    assert browser.post(CODE, {"code": spelling.format(c=code, a=code[:4], b=code[4:])}).status_code == 302


def test_the_requested_page_opens_after_sign_in(sam, platform_client):
    assert sign_in_staff(platform_client(), sam, next="/console/acme/?x=1").headers["Location"] == "/console/acme/?x=1"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_redirects_to_no_other_site(sam, platform_client, evil):
    assert sign_in_staff(platform_client(), sam, next=evil).headers["Location"] == "/console/"


def test_known_and_unknown_addresses_get_the_same_page_and_only_one_gets_mail(sam, platform_client, outbox):
    answers = []
    for email in (sam.email, "x" * (len(sam.email.partition("@")[0])) + "@acme.test"):
        browser = platform_client()
        first = browser.post(SIGN_IN, {"email": email})
        page = browser.get(first.headers["Location"]).content.decode()
        alike = re.sub(r'value="(\w{64}|[\w-]+:[\w-]+)"|' + re.escape(email), "", page)
        answers.append((first.status_code, first.headers["Location"], alike))

    assert answers[0] == answers[1]
    outbox.deliver_due()
    assert [mail["to"] for mail in outbox.sent()] == [sam.email]


def test_three_wrong_guesses_end_a_code(sam, platform_client):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    for _guess in range(3):
        browser.post(CODE, {"code": "00000000"})

    browser.post(CODE, {"code": code_for(sam)})

    assert browser.get(HOME).status_code == 302


@pytest.mark.parametrize("typed", ["", "123456", "123456789", "12345678 87654321", "O1234567", "letters"])
def test_what_can_not_be_a_code_is_told_so_and_costs_no_guess(sam, platform_client, typed):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})

    answers = [browser.post(CODE, {"code": typed}) for _guess in range(4)]

    assert all(answer.context["form"].has_error("code") for answer in answers)
    assert StaffEmail.objects.get().guesses == 0
    assert browser.post(CODE, {"code": code_for(sam)}).headers["Location"] == "/console/"


def test_a_network_gets_six_codes_an_hour_for_one_mailbox(sam, platform_client, outbox):
    for _ask in range(12):
        assert platform_client().post(SIGN_IN, {"email": sam.email}).status_code in (302, 429)

    outbox.deliver_due()
    assert len(outbox.sent(sam.email)) == 6


def test_strangers_do_not_use_up_the_codes_of_a_known_browser(sam, platform_client, outbox):
    own = platform_client()
    sign_in_staff(own, sam)
    own.post("/staff/sign-out/")
    for _ask in range(12):
        platform_client().post(SIGN_IN, {"email": sam.email})

    sign_in_staff(own, sam)
    assert own.get(HOME).status_code == 200
    someone = platform_client()
    someone.cookies["known"] = "forged"
    assert someone.post(SIGN_IN, {"email": sam.email}).status_code == 429


def test_a_known_browser_has_its_limit_too(sam, platform_client, outbox):
    own = platform_client()
    sign_in_staff(own, sam)
    for _ask in range(12):
        own.post("/staff/sign-out/")
        own.post(SIGN_IN, {"email": sam.email})
        own.cookies.pop("staff", None)

    outbox.deliver_due()
    assert len(outbox.sent(sam.email)) == 11


def test_a_code_works_only_in_the_browser_that_requested_it(sam, platform_client):
    platform_client().post(SIGN_IN, {"email": sam.email})
    other = platform_client()
    other.post(SIGN_IN, {"email": "stranger@example.com"})

    other.post(CODE, {"code": code_for(sam)})

    assert other.get(HOME).status_code == 302


def test_signing_in_replaces_the_session_key(sam, platform_client, settings):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value

    browser.post(CODE, {"code": code_for(sam)})

    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_the_session_cookie_is_http_only_and_same_site(sam, platform_client, settings):
    browser = platform_client()
    sign_in_staff(browser, sam)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


@pytest.mark.parametrize(
    "path", ["signup", "sign-up", "password/reset", "password/change", "email", "login", "confirm-email"]
)
def test_pages_that_we_do_not_offer_are_not_found(platform_client, db, path):
    for prefix in ("staff", "accounts"):
        assert platform_client().get(f"/{prefix}/{path}/").status_code == 404


@pytest.mark.parametrize(
    "name", ["account_email", "account_reset_password", "account_change_password", "account_set_password"]
)
def test_allauths_other_pages_have_no_url(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


class TestRequiredSecondFactor:
    @pytest.fixture(autouse=True)
    def _mfa_required(self, settings):
        settings.STAFF_MFA_REQUIRED = True

    def test_a_person_without_a_second_factor_is_redirected_to_set_one_up(self, sam, platform_client):
        browser = platform_client()
        sign_in_staff(browser, sam)

        assert browser.get(HOME).headers["Location"].startswith("/staff/security/?")
        assert browser.get("/staff/security/").status_code == 200
        assert browser.get("/staff/security/app/").status_code == 200

    def test_a_second_factor_is_required_before_sign_in(self, sam, platform_client):
        secret = generate_totp_secret()
        TOTP.activate(sam, secret)
        browser = platform_client()

        assert sign_in_staff(browser, sam).headers["Location"] == "/staff/sign-in/second-factor/"
        assert browser.get(HOME).headers["Location"].startswith(SIGN_IN)
        browser.post("/staff/sign-in/second-factor/", {"code": "000000"})
        assert browser.get(HOME).headers["Location"].startswith(SIGN_IN)
        code = authenticator_code(secret)
        persian = code.translate({ord(str(digit)): chr(ord("۰") + digit) for digit in range(10)})
        browser.post("/staff/sign-in/second-factor/", {"code": f"{persian[:3]} {persian[3:]}"})

        assert browser.get(HOME).status_code == 200

    def test_an_unverified_session_must_verify_first(self, sam, platform_client):
        browser = platform_client()
        sign_in_staff(browser, sam)
        secret = generate_totp_secret()
        TOTP.activate(sam, secret)

        onward = browser.get(HOME).headers["Location"]
        assert onward == "/staff/security/reauthentication/?next=%2Fconsole%2Facme%2F"
        answer = browser.post(onward, {"code": authenticator_code(secret)})

        assert answer.headers["Location"] == HOME
        assert browser.get(HOME).status_code == 200

    def test_after_set_up_the_requested_page_opens_once(self, sam, platform_client):
        browser = platform_client()
        sign_in_staff(browser, sam, next=f"{HOME}?x=1")
        browser.get(f"{HOME}?x=1")
        secret = browser.get("/staff/security/app/").context["form"].secret
        browser.post("/staff/security/app/", {"code": authenticator_code(secret)})

        assert browser.get("/console/").headers["Location"] == f"{HOME}?x=1"
        assert browser.get("/console/").headers["Location"] == HOME

    @pytest.mark.parametrize(
        "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
    )
    def test_set_up_redirects_to_no_other_site(self, sam, platform_client, evil):
        browser = platform_client()
        sign_in_staff(browser, sam)
        browser.get(HOME, headers={"HX-Request": "true", "HX-Current-URL": f"http://localhost{evil}"})
        session = browser.session
        session[mfa.NEXT_URL_KEY] = evil
        session.save()
        secret = browser.get("/staff/security/app/").context["form"].secret
        browser.post("/staff/security/app/", {"code": authenticator_code(secret)})

        assert browser.get("/console/").headers["Location"] == HOME

    def test_setting_up_a_second_factor_verifies_the_session(self, sam, platform_client):
        browser = platform_client()
        sign_in_staff(browser, sam)
        page = browser.get("/staff/security/app/")
        secret = page.context["form"].secret

        answer = browser.post("/staff/security/app/", {"code": authenticator_code(secret)})

        assert answer.headers["Location"] == "/staff/security/recovery-codes/"
        assert Authenticator.objects.filter(user=sam, type="totp").exists()
        assert browser.get(HOME).status_code == 200
