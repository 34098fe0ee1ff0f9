"""Are staff told when somebody comes in by a new browser, or a second factor comes or goes?"""

import pytest
from allauth.mfa.models import Authenticator

from tenants.models import Person
from tests.factories import create_member
from tests.tenants.staff.test_sign_in import app_code, sign_in

APP = "/staff/security/app/"


@pytest.fixture
def sam(acme, outbox) -> Person:
    """Sam, who works at Acme."""
    return create_member(acme, "staff").person


@pytest.fixture
def told(sam, outbox, django_capture_on_commit_callbacks):
    """Return a function that does something and returns the subjects of what Sam is told, beside codes."""

    def told(deed) -> list[str]:
        before = len(outbox.sent(sam.email))
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        outbox.deliver_due()
        mails = [mail["subject"] for mail in outbox.sent(sam.email)[before:]]
        return [subject for subject in mails if not subject[:8].isdigit()]

    return told


@pytest.fixture
def browser(sam, platform_client):
    """The browser Sam signed in with first."""
    browser = platform_client()
    sign_in(browser, sam)
    return browser


def set_up_app(browser) -> None:
    """Add an authenticator app."""
    browser.post(APP, {"code": app_code(browser.get(APP).context["form"].secret)})


def test_the_first_browser_of_all_is_no_news(sam, platform_client, told):
    assert told(lambda: sign_in(platform_client(), sam)) == []


def test_a_new_browser_is_told_of_once(sam, browser, platform_client, told, outbox):
    other = platform_client()
    assert told(lambda: sign_in(other, sam)) == ["New sign-in to Portico"]

    for known in (browser, other):
        known.post("/staff/sign-out/")
        assert told(lambda known=known: sign_in(known, sam)) == []


def test_a_forged_or_borrowed_cookie_keeps_nobody_from_being_told(acme, sam, browser, platform_client, told):
    someone, theirs = create_member(acme, "staff").person, platform_client()
    sign_in(theirs, someone)
    for value in ("x", "", theirs.cookies["known"].value, browser.cookies["known"].value[:-1] + "_"):
        other = platform_client()
        other.cookies["known"] = value
        assert told(lambda other=other: sign_in(other, sam)) == ["New sign-in to Portico"]


def test_the_cookie_names_nobody_and_opens_nothing(sam, browser, platform_client):
    cookie = browser.cookies["known"]
    assert str(sam.pk) not in cookie.value
    assert sam.pk.hex not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")

    thief = platform_client()
    thief.cookies["known"] = cookie.value
    assert thief.get("/console/acme/").status_code == 302


def test_a_second_factor_that_comes_or_goes_is_told_of(sam, browser, told):
    assert told(lambda: set_up_app(browser)) == ["An authenticator app was added to your account"]
    assert told(lambda: browser.post("/staff/security/recovery-codes/new/")) == [
        "New recovery codes were made for your account"
    ]
    assert told(lambda: browser.post(f"{APP}removal/")) == ["The authenticator app was removed from your account"]
    assert not Authenticator.objects.filter(user=sam, type="totp").exists()


def test_they_are_told_in_the_language_they_were_reading(sam, browser, platform_client, told, outbox):
    other = platform_client(HTTP_ACCEPT_LANGUAGE="de")

    assert told(lambda: sign_in(other, sam)) == ["Neue Anmeldung bei Portico"]
    assert "/staff/sessions/" in outbox.sent(sam.email)[-1]["text"]
