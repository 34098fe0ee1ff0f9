"""The pages of passkeys: what they show, and what they make of malformed answers."""

import json

import pytest

from portal.passkeys.models import OfferDismissal, Passkey
from portal.passkeys.purges import RETENTION, purge_used_challenges
from tenants.context import use_business
from tests.portal.impersonation.impersonation_steps import follow_impersonation
from tests.portal.passkeys.passkey_steps import send_passkey, sign_in_with_passkey

MALFORMED = [
    "",
    "x",
    "[]",
    "null",
    "[" * 15_000,
    '{"id": "a"}',
    json.dumps({"id": "", "rawId": "", "type": "public-key", "response": {}}),
    json.dumps(
        {
            "id": "YQ",
            "rawId": "YQ",
            "type": "public-key",
            "response": dict.fromkeys(
                ("clientDataJSON", "authenticatorData", "signature", "attestationObject", "userHandle"), "_w"
            ),
        }
    ),
    "{" * 100 + "\x00",
    "y" * 30_000,
]


@pytest.fixture
def demo_browser(acme, staff_client):
    """Staff at the portal, as the demo client."""
    return follow_impersonation(staff_client(), "/console/acme/portal/demo/", acme)


def test_the_devices_page_lists_a_passkey_until_it_is_removed(acme, browser_with_passkey):
    with use_business(acme):
        key = Passkey.objects.get().pk
    assert "Not used yet" in browser_with_passkey.get("/sessions/").content.decode()

    assert browser_with_passkey.post(f"/passkeys/{key}/removal/").headers["Location"] == "/sessions/"
    assert "Not used yet" not in browser_with_passkey.get("/sessions/").content.decode()


def test_removing_a_passkey_signs_out_the_other_devices_that_it_signed_in(
    acme, browser_with_passkey, authenticator, portal_client
):
    here, elsewhere = portal_client(acme), portal_client(acme)
    for browser in (here, elsewhere):
        sign_in_with_passkey(browser, authenticator)
    with use_business(acme):
        key = Passkey.objects.get().pk

    here.post(f"/passkeys/{key}/removal/")

    browsers = (here, elsewhere, browser_with_passkey)
    assert [browser.get("/sessions/").status_code for browser in browsers] == [200, 302, 200]


def test_a_passkey_of_another_address_of_the_portal_is_explained(acme, browser_with_passkey):
    with use_business(acme):
        Passkey.objects.update(host="old.acme.example")

    text = browser_with_passkey.get("/sessions/").content.decode()

    assert "Works only at old.acme.example" in text
    assert "add a new one here. Until then, sign in with a code." in text


def test_a_passkey_is_offered_until_there_is_one(signed_in_browser, authenticator, request):
    assert "data-passkey-offer" in signed_in_browser.get("/").content.decode()

    request.getfixturevalue("browser_with_passkey")

    assert "data-passkey-offer" not in signed_in_browser.get("/").content.decode()


def test_an_offer_is_dismissed_once_and_for_all(acme, signed_in_browser):
    for _press in range(2):
        assert signed_in_browser.post("/passkeys/offer/dismissal/").headers["Location"] == "/"

    assert "data-passkey-offer" not in signed_in_browser.get("/").content.decode()
    with use_business(acme):
        assert OfferDismissal.objects.count() == 1


def test_staff_who_view_the_portal_as_a_client_add_no_passkey(demo_browser):
    assert "Only clients can do this" in demo_browser.get("/passkeys/new/").content.decode()
    assert demo_browser.post("/passkeys/new/options/").status_code == 403


def test_used_challenges_are_deleted_when_nobody_could_answer_them(acme, browser_with_passkey, authenticator, now):
    sign_in_with_passkey(browser_with_passkey, authenticator)

    with use_business(acme):
        assert purge_used_challenges(now, 10) == 0
        assert purge_used_challenges(now + RETENTION * 2, 10) == 2


@pytest.mark.parametrize("path", ["/passkeys/sign-in/", "/passkeys/new/"])
@pytest.mark.parametrize("response", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_answer_is_rejected(signed_in_browser, path, response):
    options = signed_in_browser.post(f"{path}options/").json()

    assert send_passkey(signed_in_browser, path, options["state"], response).status_code == 422
