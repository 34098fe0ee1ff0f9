"""Somebody who has a passkey of their own, or saw an answer of another's, gets nowhere by the API either."""

import json

import pytest

from portal.access import services as access
from portal.clients.models import Client
from portal.passkeys.models import Passkey
from tenants import hostnames
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.api.portal.passkey_steps import SIGN_IN, add_passkey, answer_passkey_challenge, sign_in_with_passkey
from tests.api.portal.portal_programs import start_portal_program
from tests.attacks.concurrent_tasks import run_concurrently
from tests.attacks.test_passkey_attacks import build_authenticator, stop_counting
from tests.factories import create_member
from tests.portal.passkeys.passkey_steps import send_passkey
from tests.portal.passkeys.test_passkey_pages import MALFORMED


@pytest.fixture
def authenticator(acme, ana):
    """Ana's phone, with a passkey at Acme's portal."""
    phone = build_authenticator(acme)
    assert add_passkey(start_portal_program(acme).sign_in(), phone).status_code == 201
    return phone


def make_unknown(business):
    """Return a phone with a passkey that no portal knows."""
    phone = build_authenticator(business)
    phone.create({"user": {"id": ""}, "rp": {"id": "x"}, "challenge": "x"})
    return phone


def block(business):
    """Block every client."""
    with use_business(business):
        staff = StaffActor(create_member(business, "owner").person.pk, "Sabine Krüger", ip=None)
        for client in Client.objects.all():
            access.block_client(client=client, staff=staff, now=client.created_at)


def read_problem(answer) -> dict:
    """Return a problem without what is random."""
    return answer.json() | {"request_id": ""}


def test_unknown_wrong_blocked_and_malformed_passkeys_get_the_same_answer(acme, authenticator):
    wrong = make_unknown(acme)
    wrong.passkey.credential_id = authenticator.passkey.credential_id
    answers = [sign_in_with_passkey(start_portal_program(acme), each) for each in (make_unknown(acme), wrong)]
    # A NUL is refused before anything is looked at.
    for text in (each for each in MALFORMED if "\0" not in each):
        program = start_portal_program(acme)
        answers.append(answer_passkey_challenge(program, program.post(SIGN_IN, {}).json(), text or {}))
    block(acme)
    answers.append(sign_in_with_passkey(start_portal_program(acme), authenticator))

    problems = [read_problem(answer) for answer in answers]
    assert {answer.status_code for answer in answers} == {422}
    assert [problem for problem in problems if problem != problems[0]] == []
    assert [(error["field"], error["code"]) for error in problems[0]["errors"]] == [("credential", "passkey_rejected")]


def test_a_challenge_takes_one_answer(acme, authenticator):
    stop_counting(acme, authenticator)
    program = start_portal_program(acme)
    challenge = program.post(SIGN_IN, {}).json()
    credential = json.loads(authenticator.get(challenge["public_key"]))

    answers = [answer_passkey_challenge(program, challenge, credential).status_code for _time in range(2)]

    assert answers == [201, 422]


def test_a_wrong_answer_uses_its_challenge_up_whatever_key_for_repeats_it_has(acme, authenticator):
    program = start_portal_program(acme)
    challenge = program.post(SIGN_IN, {}).json()
    path = f"{SIGN_IN}{challenge['id']}/answers/"
    program.post(path, {"state": challenge["state"], "credential": {}}, **{"Idempotency-Key": "a"})
    credential = json.loads(authenticator.get(challenge["public_key"]))

    assert answer_passkey_challenge(program, challenge, credential).status_code == 422


def test_an_answer_needs_the_id_of_its_challenge(acme, authenticator):
    program = start_portal_program(acme)
    first, second = (program.post(SIGN_IN, {}).json() for _time in range(2))
    credential = json.loads(authenticator.get(first["public_key"]))

    assert answer_passkey_challenge(program, first | {"id": second["id"]}, credential).status_code == 422


def test_a_challenge_of_a_program_is_not_answered_on_the_page(acme, authenticator, portal_client):
    challenge = start_portal_program(acme).post(SIGN_IN, {}).json()
    browser = portal_client(acme)
    browser.post("/passkeys/sign-in/options/")

    answer = send_passkey(browser, "/passkeys/sign-in/", challenge["state"], authenticator.get(challenge["public_key"]))

    assert answer.status_code == 422


def test_a_challenge_of_another_portal_is_rejected(acme, globex, authenticator):
    challenge = start_portal_program(globex).post(SIGN_IN, {}).json()
    options = challenge["public_key"] | {"rpId": hostnames.get_portal_host(acme)}

    answer = answer_passkey_challenge(start_portal_program(acme), challenge, json.loads(authenticator.get(options)))

    assert answer.status_code == 422


def test_asking_for_a_challenge_writes_nothing_and_names_nobody(acme, authenticator, django_assert_num_queries):
    program = start_portal_program(acme)
    program.post(SIGN_IN, {})
    with django_assert_num_queries(0):
        challenge = program.post(SIGN_IN, {}).json()

    assert challenge["public_key"]["allowCredentials"] == []


def test_answers_by_the_api_and_on_the_page_use_up_the_same_limit(acme, authenticator, settings):
    settings.LOGIN_GUESSES_PER_IP = "2/hour"
    network = {"REMOTE_ADDR": "10.8.1.1"}
    program = start_portal_program(acme, **network)
    statuses = [sign_in_with_passkey(program, make_unknown(acme)).status_code for _time in range(2)]
    browser = start_portal_program(acme, **network).browser
    on_page = send_passkey(browser, "/passkeys/sign-in/", "x", "{}")

    assert [*statuses, on_page.status_code] == [422, 422, 429]
    assert sign_in_with_passkey(program, make_unknown(acme)).status_code == 429


def test_of_ten_answers_at_once_one_signs_in(committed_db, acme, ana, authenticator, count_sessions):
    stop_counting(acme, authenticator)
    program = start_portal_program(acme)
    challenge = program.post(SIGN_IN, {}).json()
    credential = json.loads(authenticator.get(challenge["public_key"]))
    before = count_sessions(acme)

    answers = run_concurrently(
        lambda _number: answer_passkey_challenge(program, challenge, credential).status_code, range(10)
    )

    assert sorted(answers) == [201] + [422] * 9
    assert count_sessions(acme) == before + 1
    with use_business(acme):
        assert Passkey.objects.count() == 1
