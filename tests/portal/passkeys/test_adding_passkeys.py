"""Adding a passkey: what is stored, who is told, and when it is refused."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.activity.models import Entry
from portal.messaging.models import Message
from portal.passkeys.models import Passkey
from portal.passkeys.services import MAX_ADDED_PER_DAY, MAX_PASSKEYS, registration
from tenants import hostnames
from tenants.context import use_business
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE
from tests.portal.passkeys.passkey_steps import add_passkey, send_passkey
from tests.portal.passkeys.software_authenticator import BACKED_UP, BACKUP_ELIGIBLE


def list_passkeys(business):
    with use_business(business):
        return list(Passkey.objects.order_by("created_at"))


def list_mailed_kinds(business):
    with use_business(business):
        return list(
            Message.objects.filter(kind__startswith="passkey")
            .order_by("created_at", "pk")
            .values_list("kind", "to", "channel")
        )


def test_a_passkey_is_stored_for_its_client_address_and_host(acme, ana, signed_in_browser, authenticator):
    authenticator.count, authenticator.backup_flags = 41, BACKUP_ELIGIBLE | BACKED_UP

    answer = add_passkey(signed_in_browser, authenticator)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sessions/")
    [passkey] = list_passkeys(acme)
    assert (passkey.client_id, passkey.address) == (ana.pk, ANA)
    assert passkey.host == hostnames.get_portal_host(acme)
    assert (passkey.sign_count, passkey.is_backup_eligible, passkey.is_backed_up) == (42, True, True)


def test_the_browser_is_asked_for_a_discoverable_passkey_with_verification_for_this_host(acme, signed_in_browser):
    options = signed_in_browser.post("/passkeys/new/options/").json()["publicKey"]

    assert options["rp"] == {"id": hostnames.get_portal_host(acme), "name": acme.name}
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["user"]["name"] == ANA


def test_a_device_that_has_a_passkey_is_not_asked_for_another(browser_with_passkey, authenticator):
    options = browser_with_passkey.post("/passkeys/new/options/").json()["publicKey"]

    assert len(options["excludeCredentials"]) == 1


def test_the_client_is_mailed_and_the_timeline_says_so(acme, ana, browser_with_passkey):
    assert list_mailed_kinds(acme) == [("passkey-added", ANA, "email")]
    with use_business(acme):
        assert Entry.objects.filter(event_type="passkeys.added", client_id=ana.pk).count() == 1


def test_a_client_who_has_only_a_number_is_texted(acme, authenticator, sign_in_client, portal_client, outbox):
    with use_business(acme):
        ClientFactory(name="Bo Lind", mobile=MOBILE)
    browser = sign_in_client(acme, MOBILE)
    add_passkey(browser, authenticator)
    [passkey] = list_passkeys(acme)
    browser.post(f"/passkeys/{passkey.pk}/removal/")
    outbox.deliver_due()

    assert list_mailed_kinds(acme) == [("passkey-added", MOBILE, "sms"), ("passkey-removed", MOBILE, "sms")]
    [added, removed] = [sent["text"] for sent in outbox.sent(to=MOBILE) if "passkey" in sent["text"]]
    assert f"A passkey was added to your account at {acme.name}." in added
    assert f"A passkey was removed from your account at {acme.name}." in removed


def test_an_eleventh_passkey_is_refused(acme, signed_in_browser, authenticator, monkeypatch):
    monkeypatch.setattr(registration, "MAX_ADDED_PER_DAY", MAX_PASSKEYS * 2)
    for _passkey in range(MAX_PASSKEYS - 1):
        assert add_passkey(signed_in_browser, authenticator).status_code == 302
    begun = [signed_in_browser.post("/passkeys/new/options/").json() for _tab in range(2)]
    answers = [
        send_passkey(signed_in_browser, "/passkeys/new/", options["state"], authenticator.create(options["publicKey"]))
        for options in begun
    ]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert len(list_passkeys(acme)) == MAX_PASSKEYS == 10
    options = signed_in_browser.post("/passkeys/new/options/")
    sentence = "You have 10 passkeys, which is the most. Remove one before you add another."
    assert (options.status_code, options.json()) == (409, {"detail": sentence})
    assert "Remove one before you add another" in signed_in_browser.get("/sessions/").content.decode()


def test_ten_passkeys_a_day_may_be_added_whatever_is_removed_and_more_the_day_after(
    noon, acme, signed_in_browser, authenticator, sign_in_client, time_machine
):
    begun = signed_in_browser.post("/passkeys/new/options/").json()
    for _passkey in range(MAX_ADDED_PER_DAY):
        assert add_passkey(signed_in_browser, authenticator).status_code == 302
        [passkey] = list_passkeys(acme)
        signed_in_browser.post(f"/passkeys/{passkey.pk}/removal/")
    response = authenticator.create(begun["publicKey"])
    refused = send_passkey(signed_in_browser, "/passkeys/new/", begun["state"], response)

    assert (refused.status_code, list_passkeys(acme), MAX_ADDED_PER_DAY) == (409, [], 10)
    options = signed_in_browser.post("/passkeys/new/options/")
    sentence = "You have added 10 passkeys within a day, which is the most. "
    sentence += f"You can add another one tomorrow at {noon.astimezone(ZoneInfo(acme.time_zone)):%H:%M}."
    assert (options.status_code, options.json()) == (409, {"detail": sentence})
    for page in (refused, signed_in_browser.get("/passkeys/new/")):
        assert sentence in page.content.decode()
        assert "Create the passkey" not in page.content.decode()
    assert len(list_mailed_kinds(acme)) == 2 * MAX_ADDED_PER_DAY
    time_machine.move_to(noon + timedelta(days=1))
    assert add_passkey(sign_in_client(acme, ANA), authenticator).status_code == 302


def test_a_passkey_whose_user_was_not_verified_is_refused(acme, signed_in_browser, authenticator):
    authenticator.verifies_user = False

    assert add_passkey(signed_in_browser, authenticator).status_code == 422
    assert list_passkeys(acme) == []


@pytest.mark.parametrize("origin", ["https://acme.localhost.evil.example", "http://globex.localhost:8000"])
def test_a_passkey_made_on_another_site_is_refused(acme, signed_in_browser, authenticator, origin):
    authenticator.origin = origin

    assert add_passkey(signed_in_browser, authenticator).status_code == 422
    assert list_passkeys(acme) == []


def test_a_passkey_is_added_once(acme, signed_in_browser, authenticator):
    options = signed_in_browser.post("/passkeys/new/options/").json()
    response = authenticator.create(options["publicKey"])
    send_passkey(signed_in_browser, "/passkeys/new/", options["state"], response)

    assert send_passkey(signed_in_browser, "/passkeys/new/", options["state"], response).status_code == 422
    assert len(list_passkeys(acme)) == 1


def test_a_session_of_an_hour_ago_has_to_confirm_with_a_code_and_returns(
    acme, signed_in_browser, time_machine, now, settings, outbox
):
    time_machine.move_to(now + settings.REAUTH_LIFETIME * 2)

    page = signed_in_browser.get("/passkeys/new/").headers["Location"]
    assert page == "/account/reauthentication/?next=%2Fpasskeys%2Fnew%2F"
    assert signed_in_browser.post("/passkeys/new/options/").status_code == 302
    code_page = signed_in_browser.post(page).headers["Location"]
    outbox.deliver_due()
    answer = signed_in_browser.post(code_page, {"code": outbox.code(ANA)})

    assert answer.headers["Location"] == "/passkeys/new/"
    assert signed_in_browser.get("/passkeys/new/").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "evil"])
def test_a_confirmation_leads_to_pages_of_the_portal_only(signed_in_browser, elsewhere):
    page = signed_in_browser.get("/account/reauthentication/", {"next": elsewhere})

    assert page.context["next_url"].startswith("/account/contact/")
