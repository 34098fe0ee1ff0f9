"""Tests of the sign-in pages, for clients and for unknown addresses."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from portal.access.models import Challenge, ClientSession
from portal.clients.identifiers import parse_identifier
from portal.clients.models import ContactSource
from portal.clients.services import add_contact
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE, STRANGER, current_code, make_wrong_code


@pytest.fixture
def advance_time(time_machine):
    """Return a function that lets seconds pass."""
    time_machine.move_to(datetime.now(UTC), tick=True)
    return time_machine.shift


@pytest.fixture
def browser(acme, portal_client):
    return portal_client(acme)


def latest_challenge(business):
    with use_business(business):
        return Challenge.objects.latest("created_at")


def latest_code(business):
    with use_business(business):
        return current_code(Challenge.objects.latest("created_at"))


def test_the_right_code_opens_the_portal(acme, ana, browser):
    assert browser.post("/sign-in/", {"identifier": " ANA@Example.com "}).headers["Location"] == "/sign-in/code/"
    assert browser.get("/sign-in/code/").status_code == 200

    answer = browser.post("/sign-in/code/", {"code": latest_code(acme)})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    home = browser.get("/")
    assert home.status_code == 200
    assert "Ana" in home.content.decode()


def test_a_wrong_code_is_rejected_with_the_number_of_guesses_left(acme, ana, browser):
    browser.post("/sign-in/", {"identifier": ANA})

    answer = browser.post("/sign-in/code/", {"code": make_wrong_code(latest_code(acme))})

    assert answer.status_code == 422
    assert "4 attempts left" in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "ana", "ana@", "+", "x" * 300, "a\x00b@example.com"])
def test_an_invalid_identifier_is_rejected_with_422(acme, browser, typed):
    assert browser.post("/sign-in/", {"identifier": typed}).status_code == 422


def test_the_sign_in_page_redirects_to_the_code_page_of_an_open_challenge(acme, ana, browser):
    browser.post("/sign-in/", {"identifier": ANA})

    assert browser.get("/sign-in/").headers["Location"] == "/sign-in/code/"
    assert browser.get("/sign-in/?again").status_code == 200


def test_a_code_page_without_a_challenge_offers_to_start_again(acme, browser):
    assert browser.get("/sign-in/code/").status_code == 200
    assert browser.post("/sign-in/code/", {"code": "123456"}).status_code == 409
    assert browser.post("/sign-in/resend/").status_code == 409


def test_another_code_can_be_sent_after_three_minutes(acme, ana, browser, advance_time):
    browser.post("/sign-in/", {"identifier": ANA})

    early = browser.post("/sign-in/resend/")
    assert early.status_code == 429
    assert 170 <= int(early.headers["Retry-After"]) <= 180

    advance_time(181)
    assert browser.post("/sign-in/resend/").status_code == 302
    assert len(latest_challenge(acme).sent_at) == 2


def test_a_code_by_text_can_be_requested_without_waiting(acme, ana, browser):
    browser.post("/sign-in/", {"identifier": ANA})

    assert browser.post("/sign-in/resend/", {"channel": "sms"}).status_code == 302
    assert latest_challenge(acme).destinations == [ANA, MOBILE]
    assert browser.post("/sign-in/resend/", {"channel": "pigeon"}).status_code == 400


def test_a_code_by_text_signs_the_client_in(acme, ana, browser):
    browser.post("/sign-in/", {"identifier": ANA})
    browser.post("/sign-in/resend/", {"channel": "sms"})

    assert browser.post("/sign-in/code/", {"code": latest_code(acme)}).status_code == 302


def test_clients_who_share_an_address_select_their_account(acme, browser):
    with use_business(acme):
        ClientFactory(name="Maya Family", email="family@example.com")
        leo = ClientFactory(name="Leo Family", email="family@example.com")
    browser.post("/sign-in/", {"identifier": "family@example.com"})

    answer = browser.post("/sign-in/code/", {"code": latest_code(acme), "remember_me": "on"})
    assert answer.headers["Location"] == "/sign-in/who/?remember_me=on"
    page = browser.get("/sign-in/who/").content.decode()
    assert "Maya Family" in page
    assert "Leo Family" in page
    refused = browser.post("/sign-in/who/", {"client": "somebody"})
    assert refused.status_code == 422
    assert "Select your name" in refused.content.decode()
    assert "Maya Family" in refused.content.decode()

    assert browser.post("/sign-in/who/", {"client": str(leo.pk)}).headers["Location"] == "/"
    assert "Leo" in browser.get("/").content.decode()
    assert browser.post("/sign-in/who/", {"client": str(leo.pk)}).status_code == 409


def test_the_account_selection_is_resumed_after_the_tab_was_closed(acme, browser):
    with use_business(acme):
        ClientFactory(name="Maya Family", email="family@example.com")
        ClientFactory(name="Leo Family", email="family@example.com")
    browser.post("/sign-in/", {"identifier": "family@example.com"})
    browser.post("/sign-in/code/", {"code": latest_code(acme)})

    for path in ["/sign-in/", "/sign-in/code/"]:
        assert browser.get(path).headers["Location"] == "/sign-in/who/", path
    assert browser.get("/sign-in/?again=1").status_code == 200


def test_the_code_page_redirects_a_signed_in_client_to_the_home_page(acme, ana, browser):
    browser.post("/sign-in/", {"identifier": ANA})
    code = latest_code(acme)
    browser.post("/sign-in/code/", {"code": code})

    assert browser.get("/sign-in/code/").headers["Location"] == "/"
    assert browser.post("/sign-in/code/", {"code": code}).status_code == 409


def test_signing_out_ends_the_session(acme, ana, browser):
    browser.post("/sign-in/", {"identifier": ANA})
    browser.post("/sign-in/code/", {"code": latest_code(acme)})
    token = browser.cookies["session"].value

    assert browser.post("/sign-out/").headers["Location"] == "/sign-in/"
    browser.cookies["session"] = token

    assert browser.get("/").headers["Location"] == "/sign-in/"


def test_every_sign_in_page_responds(acme, browser):
    for path in ["/sign-in/", "/sign-in/code/", "/sign-in/who/", "/sign-in/help/", "/sign-in/allow-list/"]:
        assert browser.get(path).status_code == 200, path
    assert browser.get("/").headers["Location"] == "/sign-in/"
    assert browser.get("/sessions/").headers["Location"] == "/sign-in/"
    assert browser.get("/nothing-here/").status_code == 404


def test_every_page_of_a_client_responds(acme, ana, browser):
    browser.post("/sign-in/", {"identifier": ANA})
    browser.post("/sign-in/code/", {"code": latest_code(acme)})

    for path in [
        "/",
        "/sessions/",
        "/account/",
        "/account/contact/",
        "/account/reauthentication/",
        "/account/contact/code/",
    ]:
        assert browser.get(path).status_code == 200, path


def test_a_new_address_is_confirmed_with_a_fresh_code_and_all_addresses_are_notified(acme, ana, browser):
    browser.post("/sign-in/", {"identifier": ANA})
    browser.post("/sign-in/code/", {"code": latest_code(acme)})
    with use_business(acme):
        old = ana.contacts.get(kind="email")

    answer = browser.post("/account/contact/", {"identifier": "ana@new.example", "replaces": str(old.pk)})
    assert answer.headers["Location"] == f"/account/contact/code/?replaces={old.pk}"
    page = f"/account/contact/code/?replaces={old.pk}"
    assert browser.post(page, {"code": make_wrong_code(latest_code(acme))}).status_code == 422
    assert browser.post(page, {"code": latest_code(acme)}).headers["Location"] == "/account/"

    with use_business(acme):
        assert set(ana.contacts.values_list("value", flat=True)) == {"ana@new.example", MOBILE}
        notified_addresses = set(ana.messages.filter(kind="contact-changed").values_list("to", flat=True))
    assert notified_addresses == {ANA, MOBILE, "ana@new.example"}
    assert browser.get("/").status_code == 200


def test_adding_an_address_notifies_the_other_addresses(acme, ana, browser):
    browser.post("/sign-in/", {"identifier": ANA})
    browser.post("/sign-in/code/", {"code": latest_code(acme)})

    browser.post("/account/contact/", {"identifier": "mallory@new.example"})
    browser.post("/account/contact/code/", {"code": latest_code(acme)})

    with use_business(acme):
        notified_addresses = set(ana.messages.filter(kind="contact-changed").values_list("to", flat=True))
    assert notified_addresses == {ANA, MOBILE, "mallory@new.example"}


def test_changing_an_address_requires_a_recent_code(acme, ana, browser, advance_time):
    browser.post("/sign-in/", {"identifier": ANA})
    browser.post("/sign-in/code/", {"code": latest_code(acme)})
    advance_time(3600)

    assert browser.get("/account/contact/").headers["Location"] == "/account/reauthentication/"
    assert browser.post("/account/reauthentication/").headers["Location"] == "/account/reauthentication/code/"
    assert (
        browser.post("/account/reauthentication/code/", {"code": latest_code(acme)}).headers["Location"]
        == "/account/contact/"
    )
    assert browser.get("/account/contact/").status_code == 200


@pytest.mark.parametrize("query", ["replaces={old}", "kind=phone"])
def test_reauthentication_returns_to_the_requested_change(acme, ana, browser, advance_time, query):
    browser.post("/sign-in/", {"identifier": ANA})
    browser.post("/sign-in/code/", {"code": latest_code(acme)})
    with use_business(acme):
        query = query.format(old=ana.contacts.get(kind="phone").pk)
    advance_time(3600)

    page = browser.get(f"/account/contact/?{query}").headers["Location"]
    assert page == f"/account/reauthentication/?{query}"
    page = browser.post(page).headers["Location"]
    page = browser.post(page, {"code": latest_code(acme)}).headers["Location"]
    assert page == f"/account/contact/?{query}"
    assert 'inputmode="tel"' in browser.get(page).content.decode()


def test_a_mobile_from_a_public_form_is_confirmed_by_its_owner_with_a_code(acme, ana, browser):
    with use_business(acme):
        given = parse_identifier("+447700900199", country="GB")
        contact = add_contact(client=ana, identifier=given, source=ContactSource.FORM, now=timezone.now())
    browser.post("/sign-in/", {"identifier": ANA})
    browser.post("/sign-in/code/", {"code": latest_code(acme)})

    page = browser.post("/account/contact/", {"identifier": given.value}).headers["Location"]
    assert browser.post(page, {"code": latest_code(acme)}).headers["Location"] == "/account/"

    with use_business(acme):
        contact.refresh_from_db()
    assert contact.confirmed_at


def test_other_devices_can_be_signed_out(acme, ana, browser, portal_client):
    other = portal_client(acme)
    for device in (other, browser):
        device.post("/sign-in/", {"identifier": ANA})
        device.post("/sign-in/code/", {"code": latest_code(acme)})

    assert browser.post("/sessions/end-others/").status_code == 302

    assert other.get("/").headers["Location"] == "/sign-in/"
    assert browser.get("/").status_code == 200
    with use_business(acme):
        assert ClientSession.objects.filter(ended_at=None).count() == 1


def test_an_unknown_address_gets_the_same_page_and_no_code(acme, browser):
    assert browser.post("/sign-in/", {"identifier": STRANGER}).headers["Location"] == "/sign-in/code/"

    assert browser.post("/sign-in/code/", {"code": latest_code(acme)}).status_code == 422
    assert latest_challenge(acme).destinations == [""]
