"""Tests of passkeys in the client API."""

import json
from datetime import timedelta

import pytest
from django.conf import settings as configured

from portal.access.models import ClientSession
from portal.activity.models import Entry
from portal.passkeys.models import Passkey
from portal.passkeys.services import MAX_ADDED_PER_DAY, MAX_PASSKEYS, registration
from tenants import hostnames
from tenants.context import use_business
from tests.api.portal.passkey_steps import add_passkey, sign_in_with_passkey
from tests.api.portal.portal_programs import PortalProgram, start_portal_program
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA
from tests.portal.impersonation.impersonation_steps import follow_impersonation
from tests.portal.passkeys.conftest import noon
from tests.portal.passkeys.software_authenticator import SoftwareAuthenticator

__all__ = ["noon"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def program(acme, ana) -> PortalProgram:
    """Ana's program, signed in by code."""
    return start_portal_program(acme).sign_in()


@pytest.fixture
def authenticator(acme) -> SoftwareAuthenticator:
    """Ana's phone."""
    return SoftwareAuthenticator(hostnames.build_portal_url(acme, ""))


def test_a_passkey_is_added_listed_and_removed(program, acme, ana, authenticator, outbox):
    added = add_passkey(program, authenticator)
    outbox.deliver_due()

    assert added.status_code == 201, added.content
    passkey = added.json()
    assert set(passkey) == {"id", "device", "host", "works", "created_at", "used_at"}
    assert (passkey["host"], passkey["works"]) == (hostnames.get_portal_host(acme), True)
    assert added["Location"].endswith(f"/me/passkeys/{passkey['id']}/")
    assert program.get("me/passkeys/").json() == {"items": [passkey]}
    assert outbox.sent(to=ANA)[-1]["subject"] == f"Passkey added at {acme.name}"
    assert program.delete(f"me/passkeys/{passkey['id']}/").status_code == 204
    assert program.get("me/passkeys/").json() == {"items": []}
    with use_business(acme):
        assert Entry.objects.filter(event_type="passkeys.removed", client_id=ana.pk).count() == 1


def test_a_passkey_signs_a_program_in(program, acme, authenticator):
    add_passkey(program, authenticator)
    stranger = start_portal_program(acme)
    answer = sign_in_with_passkey(stranger, authenticator, device_token=program.device_token)

    assert answer.status_code == 201, answer.content
    assert (answer.json()["clients"], answer.json()["device_token"]) == ([], program.device_token)
    stranger.tokens = answer.json()["tokens"]
    assert stranger.get("me/").json()["name"] == "Ana Pereira"
    [passkey] = stranger.get("me/passkeys/").json()["items"]
    assert passkey["used_at"]
    with use_business(acme):
        assert str(ClientSession.objects.latest("created_at").passkey_id) == passkey["id"]


def test_removing_a_passkey_ends_its_other_sessions(program, acme, authenticator):
    passkey = add_passkey(program, authenticator).json()["id"]
    here, elsewhere = start_portal_program(acme), start_portal_program(acme)
    for each in (here, elsewhere):
        each.tokens = sign_in_with_passkey(each, authenticator).json()["tokens"]

    assert here.delete(f"me/passkeys/{passkey}/").status_code == 204
    assert [each.get("me/").status_code for each in (here, elsewhere, program)] == [200, 401, 200]


def test_a_passkey_of_a_former_address_is_said_not_to_work(program, acme, authenticator):
    add_passkey(program, authenticator)
    with use_business(acme):
        Passkey.objects.update(host="old.acme.example")

    [passkey] = program.get("me/passkeys/").json()["items"]
    assert (passkey["host"], passkey["works"]) == ("old.acme.example", False)


def test_long_after_signing_in_adding_one_needs_a_fresh_code(program, acme, authenticator, now):
    challenge = program.post("me/passkeys/challenges/", {}).json()
    with use_business(acme):
        ClientSession.objects.update(authenticated_at=now - configured.REAUTH_LIFETIME - timedelta(seconds=1))

    asked = program.post("me/passkeys/challenges/", {})
    sent = program.post("me/passkeys/", {"state": challenge["state"], "credential": {}})
    assert [(answer.status_code, answer.json()["code"]) for answer in (asked, sent)] == [(403, "code_needed")] * 2
    assert program.get("me/passkeys/").status_code == 200


def test_an_eleventh_passkey_is_a_conflict(program, acme, authenticator, monkeypatch):
    monkeypatch.setattr(registration, "MAX_ADDED_PER_DAY", MAX_PASSKEYS * 2)
    for _passkey in range(MAX_PASSKEYS - 1):
        assert add_passkey(program, authenticator).status_code == 201
    first, second = (program.post("me/passkeys/challenges/", {}).json() for _time in range(2))
    answers = [
        program.post("me/passkeys/", {"state": each["state"], "credential": make(authenticator, each)})
        for each in (first, second)
    ]

    assert [answer.status_code for answer in answers] == [201, 409]
    asked = program.post("me/passkeys/challenges/", {})
    assert asked.status_code == 409
    # Waiting would not help.
    assert ["Retry-After" in answer.headers for answer in (answers[1], asked)] == [False, False]


def test_after_ten_passkeys_within_a_day_another_is_a_conflict_until_the_day_is_over(
    noon, acme, program, authenticator, time_machine
):
    begun = program.post("me/passkeys/challenges/", {}).json()
    for _passkey in range(MAX_ADDED_PER_DAY):
        added = add_passkey(program, authenticator).json()
        assert program.delete(f"me/passkeys/{added['id']}/").status_code == 204
    sent = program.post("me/passkeys/", {"state": begun["state"], "credential": make(authenticator, begun)})
    asked = program.post("me/passkeys/challenges/", {})

    assert [(answer.status_code, answer.json()["code"]) for answer in (asked, sent)] == [(409, "conflict")] * 2
    assert "10 at most within a day" in sent.json()["detail"]
    assert [answer.headers["Retry-After"] for answer in (asked, sent)] == ["86400", "86400"]
    # Rounded up, so that nobody who waits is too early.
    time_machine.move_to(noon + timedelta(minutes=5, milliseconds=500), tick=False)
    assert program.post("me/passkeys/challenges/", {}).headers["Retry-After"] == str(86400 - 300)
    time_machine.move_to(noon + timedelta(days=1), tick=False)
    assert start_portal_program(acme).sign_in().post("me/passkeys/challenges/", {}).status_code == 201


def make(authenticator, challenge):
    """Make a passkey for a challenge."""
    return json.loads(authenticator.create(challenge["public_key"]))


@pytest.mark.parametrize("credential", [{}, [], "x", None, {"id": "YQ", "rawId": "YQ", "response": {}}, 7])
def test_what_is_no_passkey_adds_none(program, acme, credential):
    state = program.post("me/passkeys/challenges/", {}).json()["state"]
    answer = program.post("me/passkeys/", {"state": state, "credential": credential})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "credential")
    with use_business(acme):
        assert not Passkey.objects.exists()


def test_a_challenge_adds_one_passkey(program, authenticator):
    challenge = program.post("me/passkeys/challenges/", {}).json()
    body = {"state": challenge["state"], "credential": make(authenticator, challenge)}
    answers = [program.post("me/passkeys/", body, **{"Idempotency-Key": "a"}) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [201, 422]


def test_another_client_s_passkey_is_not_found(program, acme, authenticator):
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    passkey = add_passkey(program, authenticator).json()["id"]
    attacker = start_portal_program(acme).sign_in("mallory@example.com")

    assert attacker.get("me/passkeys/").json() == {"items": []}
    assert attacker.delete(f"me/passkeys/{passkey}/").status_code == 404
    assert len(program.get("me/passkeys/").json()["items"]) == 1


def test_staff_who_view_the_portal_as_a_client_add_no_passkey(acme, staff_client):
    browser = follow_impersonation(staff_client("staff"), "/console/acme/portal/demo/", acme)
    answer = browser.post("/api/v1/me/passkeys/challenges/", "{}", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
