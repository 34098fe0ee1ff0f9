"""Staff are mailed about sign-ins with a new browser and about changes to their second factors."""

import pytest
from allauth.mfa.models import Authenticator

from tenants.models import Person
from tests.factories import create_member
from tests.tenants.staff.test_sign_in import authenticator_code, sign_in_staff

APP = "/staff/security/app/"


@pytest.fixture
def sam(acme, outbox) -> Person:
    """Sam, who works at Acme."""
    return create_member(acme, "staff").person


@pytest.fixture
def subjects_mailed_by(sam, outbox, django_capture_on_commit_callbacks):
    """Return a function that runs an action and returns the subjects of the mails Sam gets, except codes."""

    def subjects_mailed_by(action) -> list[str]:
        before = len(outbox.sent(sam.email))
        with django_capture_on_commit_callbacks(execute=True):
            action()
        outbox.deliver_due()
        mails = [mail["subject"] for mail in outbox.sent(sam.email)[before:]]
        return [subject for subject in mails if not subject[:8].isdigit()]

    return subjects_mailed_by


@pytest.fixture
def browser(sam, platform_client):
    """The browser Sam signed in with first."""
    browser = platform_client()
    sign_in_staff(browser, sam)
    return browser


def activate_totp_by_page(browser) -> None:
    """Add an authenticator app."""
    browser.post(APP, {"code": authenticator_code(browser.get(APP).context["form"].secret)})


def test_the_first_browser_sends_no_mail(sam, platform_client, subjects_mailed_by):
    assert subjects_mailed_by(lambda: sign_in_staff(platform_client(), sam)) == []


def test_a_new_browser_sends_one_mail(sam, browser, platform_client, subjects_mailed_by, outbox):
    other = platform_client()
    assert subjects_mailed_by(lambda: sign_in_staff(other, sam)) == ["New sign-in to Portico"]

    for known in (browser, other):
        known.post("/staff/sign-out/")
        assert subjects_mailed_by(lambda known=known: sign_in_staff(known, sam)) == []


def test_a_forged_or_stolen_cookie_does_not_suppress_the_mail(acme, sam, browser, platform_client, subjects_mailed_by):
    someone, theirs = create_member(acme, "staff").person, platform_client()
    sign_in_staff(theirs, someone)
    for value in ("x", "", theirs.cookies["known"].value, browser.cookies["known"].value[:-1] + "_"):
        other = platform_client()
        other.cookies["known"] = value
        assert subjects_mailed_by(lambda other=other: sign_in_staff(other, sam)) == ["New sign-in to Portico"]


def test_the_cookie_names_nobody_and_grants_nothing(sam, browser, platform_client):
    cookie = browser.cookies["known"]
    assert str(sam.pk) not in cookie.value
    assert sam.pk.hex not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")

    thief = platform_client()
    thief.cookies["known"] = cookie.value
    assert thief.get("/console/acme/").status_code == 302


def test_adding_or_removing_a_second_factor_sends_a_mail(sam, browser, subjects_mailed_by):
    assert subjects_mailed_by(lambda: activate_totp_by_page(browser)) == [
        "An authenticator app was added to your account"
    ]
    assert subjects_mailed_by(lambda: browser.post("/staff/security/recovery-codes/new/")) == [
        "New recovery codes were created for your account"
    ]
    assert subjects_mailed_by(lambda: browser.post(f"{APP}removal/")) == [
        "The authenticator app was removed from your account"
    ]
    assert not Authenticator.objects.filter(user=sam, type="totp").exists()


def test_the_mail_is_in_the_language_of_the_page(sam, browser, platform_client, subjects_mailed_by, outbox):
    other = platform_client(HTTP_ACCEPT_LANGUAGE="de")

    assert subjects_mailed_by(lambda: sign_in_staff(other, sam)) == ["Neue Anmeldung bei Portico"]
    assert "/staff/sessions/" in outbox.sent(sam.email)[-1]["text"]
