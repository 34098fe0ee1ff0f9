"""Somebody who has a passkey of their own, or saw an answer of another's, gets into no account by it."""

import pytest

from portal.access import services as access
from portal.activity.models import Entry
from portal.cards.services import erase_client
from portal.passkeys.models import Passkey
from portal.passkeys.services.challenges import CHALLENGE_LIFETIME
from tenants import hostnames
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks.concurrent_tasks import run_concurrently
from tests.factories import ClientFactory, create_member
from tests.portal.access.sign_in_steps import ANA
from tests.portal.passkeys.passkey_steps import add_passkey, send_passkey, sign_in_with_passkey
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator

REJECTED = "That passkey doesn’t work here"


def build_authenticator(business):
    return SoftwareAuthenticator(hostnames.build_portal_url(business, ""))


@pytest.fixture
def authenticator(acme, ana, sign_in_client):
    """Ana's phone, with a passkey at Acme's portal."""
    phone = build_authenticator(acme)
    assert add_passkey(sign_in_client(acme, ANA), phone).status_code == 302
    return phone


@pytest.fixture
def browser(acme, authenticator, portal_client):
    """A browser where nobody is signed in."""
    return portal_client(acme)


@pytest.fixture
def staff_actor(acme):
    return StaffActor(person_id=create_member(acme, "owner").person.pk, name="Sabine Krüger", ip=None)


def is_rejected(answer) -> bool:
    return answer.status_code == 422 and REJECTED in answer.content.decode()


def stop_counting(business, authenticator):
    """Let an authenticator have no counter, so that nothing but the challenge keeps an answer from being used again."""
    authenticator.count = None
    with use_business(business):
        Passkey.objects.update(sign_count=0)


def sign_challenge(browser, authenticator):
    """Have a passkey sign a challenge of a browser; return the state and what it signed."""
    options = browser.post("/passkeys/sign-in/options/").json()
    return options["state"], authenticator.get(options["publicKey"])


def test_an_answer_signs_in_once(acme, browser, authenticator):
    stop_counting(acme, authenticator)
    state, response = sign_challenge(browser, authenticator)
    first = send_passkey(browser, "/passkeys/sign-in/", state, response)
    browser.post("/sign-out/")

    assert first.status_code == 302
    assert is_rejected(send_passkey(browser, "/passkeys/sign-in/", state, response))


def test_a_wrong_answer_uses_its_challenge_up(browser, authenticator):
    state, response = sign_challenge(browser, authenticator)

    assert is_rejected(send_passkey(browser, "/passkeys/sign-in/", state, "{}"))
    assert is_rejected(send_passkey(browser, "/passkeys/sign-in/", state, response))


def test_an_answer_of_another_browser_is_rejected(acme, browser, authenticator, portal_client):
    state, response = sign_challenge(browser, authenticator)
    thief = portal_client(acme)
    thief.post("/passkeys/sign-in/options/")

    assert is_rejected(send_passkey(thief, "/passkeys/sign-in/", state, response))
    assert is_rejected(send_passkey(portal_client(acme), "/passkeys/sign-in/", state, response))


def test_an_answer_after_five_minutes_is_rejected(browser, authenticator, time_machine, now):
    time_machine.move_to(now, tick=False)
    state, response = sign_challenge(browser, authenticator)
    time_machine.move_to(now + CHALLENGE_LIFETIME * 1.01, tick=False)

    assert is_rejected(send_passkey(browser, "/passkeys/sign-in/", state, response))


def test_a_challenge_of_another_portal_is_rejected(acme, globex, browser, authenticator, portal_client):
    options = portal_client(globex).post("/passkeys/sign-in/options/").json()
    browser.post("/passkeys/sign-in/options/")
    options["publicKey"]["rpId"] = hostnames.get_portal_host(acme)

    response = authenticator.get(options["publicKey"])

    assert is_rejected(send_passkey(browser, "/passkeys/sign-in/", options["state"], response))


def test_a_challenge_for_adding_a_passkey_signs_nobody_in(acme, browser, authenticator, sign_in_client):
    options = sign_in_client(acme, ANA).post("/passkeys/new/options/").json()
    browser.post("/passkeys/sign-in/options/")
    response = authenticator.get(options["publicKey"] | {"rpId": hostnames.get_portal_host(acme)})

    assert is_rejected(send_passkey(browser, "/passkeys/sign-in/", options["state"], response))


def test_a_client_cannot_add_what_another_one_was_asked_for(acme, authenticator, sign_in_client):
    with use_business(acme):
        ClientFactory(name="Bo Lind", email="bo@example.com")
    options = sign_in_client(acme, ANA).post("/passkeys/new/options/").json()
    other = build_authenticator(acme)

    answer = send_passkey(
        sign_in_client(acme, "bo@example.com"), "/passkeys/new/", options["state"], other.create(options["publicKey"])
    )

    assert answer.status_code == 422
    with use_business(acme):
        assert Passkey.objects.count() == 1


def test_a_passkey_of_one_business_is_unknown_at_another(acme, globex, browser, authenticator, portal_client):
    with use_business(globex):
        ClientFactory(name="Ana Pereira", email=ANA)
    authenticator.origin = hostnames.build_portal_url(globex, "")

    assert is_rejected(sign_in_with_passkey(portal_client(globex), authenticator))


def test_a_passkey_that_did_not_verify_its_user_is_rejected(browser, authenticator):
    authenticator.verifies_user = False

    assert is_rejected(sign_in_with_passkey(browser, authenticator))


def test_an_answer_from_another_site_is_rejected(browser, authenticator):
    authenticator.origin = "https://acme.evil.example"

    assert is_rejected(sign_in_with_passkey(browser, authenticator))


def test_a_signature_for_another_host_is_rejected(browser, authenticator):
    options = browser.post("/passkeys/sign-in/options/").json()
    response = authenticator.get(options["publicKey"] | {"rpId": "evil.example"})

    assert is_rejected(send_passkey(browser, "/passkeys/sign-in/", options["state"], response))


def test_another_key_under_a_known_id_is_rejected(acme, browser, authenticator):
    forged = build_authenticator(acme)
    forged.create({"user": {"id": ""}, "rp": {"id": "x"}, "challenge": "x"})
    forged.passkey.credential_id = authenticator.passkey.credential_id
    forged.passkey.user_handle = authenticator.passkey.user_handle
    forged.count = 1000

    assert is_rejected(sign_in_with_passkey(browser, forged))


def test_a_passkey_that_names_another_user_is_rejected(browser, authenticator):
    authenticator.passkey.user_handle = b"somebody else"

    assert is_rejected(sign_in_with_passkey(browser, authenticator))


def test_an_unknown_passkey_gets_the_answer_of_a_wrong_one(acme, browser, authenticator):
    unknown = build_authenticator(acme)
    unknown.create({"user": {"id": ""}, "rp": {"id": "x"}, "challenge": "x"})
    wrong = build_authenticator(acme)
    wrong.create({"user": {"id": ""}, "rp": {"id": "x"}, "challenge": "x"})
    wrong.passkey.credential_id = authenticator.passkey.credential_id

    answers = [sign_in_with_passkey(browser, each) for each in (unknown, wrong)]

    bodies = {answer.content.decode().replace(str(answer.context["csrf_token"]), "") for answer in answers}
    assert all(is_rejected(answer) for answer in answers)
    assert len(bodies) == 1
    assert len({tuple(sorted(answer.cookies)) for answer in answers}) == 1


@pytest.mark.parametrize("reaction", ["archive_client", "block_client"])
def test_an_archived_or_blocked_client_is_refused_alike_and_staff_see_it(
    acme, ana, browser, authenticator, staff_actor, now, reaction
):
    with use_business(acme):
        getattr(access, reaction)(client=ana, staff=staff_actor, now=now)

    assert is_rejected(sign_in_with_passkey(browser, authenticator))
    with use_business(acme):
        assert Entry.objects.get(event_type="passkeys.refused").data["reason"] == "no-access"
        access.restore_client(client=ana, staff=staff_actor, now=now)
    assert sign_in_with_passkey(browser, authenticator).status_code == 302


def test_an_erased_client_has_no_passkey_left(acme, ana, browser, authenticator, staff_actor, now):
    with use_business(acme):
        erase_client(client=ana, business=acme, staff=staff_actor, now=now)
        assert not Passkey.objects.exists()

    assert is_rejected(sign_in_with_passkey(browser, authenticator))


def test_a_copy_whose_counter_lags_behind_is_refused_and_staff_see_it(acme, browser, authenticator):
    assert sign_in_with_passkey(browser, authenticator).status_code == 302
    browser.post("/sign-out/")
    authenticator.count -= 1

    assert is_rejected(sign_in_with_passkey(browser, authenticator))
    with use_business(acme):
        assert Entry.objects.get(event_type="passkeys.refused").data["reason"] == "old-counter"


def test_a_removed_passkey_signs_nobody_in(acme, browser, authenticator, sign_in_client):
    with use_business(acme):
        key = Passkey.objects.get().pk
    assert sign_in_client(acme, ANA).post(f"/passkeys/{key}/removal/").status_code == 302

    assert is_rejected(sign_in_with_passkey(browser, authenticator))


def test_a_client_removes_no_passkey_of_another(acme, authenticator, sign_in_client):
    with use_business(acme):
        ClientFactory(name="Bo Lind", email="bo@example.com")
        key = Passkey.objects.get().pk

    assert sign_in_client(acme, "bo@example.com").post(f"/passkeys/{key}/removal/").status_code == 404
    with use_business(acme):
        assert Passkey.objects.filter(pk=key).exists()


def test_of_ten_answers_at_once_one_signs_in(committed_db, acme, ana, browser, authenticator, portal_client):
    stop_counting(acme, authenticator)
    state, response = sign_challenge(browser, authenticator)
    browsers = [portal_client(acme) for _number in range(10)]
    for one in browsers:
        one.cookies.update(browser.cookies)

    answers = run_concurrently(lambda each: send_passkey(each, "/passkeys/sign-in/", state, response), browsers)

    assert sorted(answer.status_code for answer in answers) == [302] + [422] * 9
