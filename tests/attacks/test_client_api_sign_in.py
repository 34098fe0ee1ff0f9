"""L1–L4, L14, L17: by the API nobody finds out more, and nobody guesses more, than on the pages."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.access.models import Challenge, ClientSession
from tenants import hostnames
from tenants.context import use_business
from tests.api.portal.portal_programs import PortalProgram, start_portal_program
from tests.attacks.concurrent_tasks import run_concurrently
from tests.attacks.test_client_enumeration import (
    MAILBOXES,
    MOBILES,
    assert_indistinguishable,
    clients_of_every_kind,
    frozen_now,
    normalise_statements,
    observable_parts,
)
from tests.portal.access.sign_in_steps import ANA, make_wrong_code

__all__ = ["clients_of_every_kind", "frozen_now"]

pytestmark = pytest.mark.slow

# A budget is counted for each address that a message concerns: a stranger sees no difference between one and two.
BUDGETS = re.compile(r"VALUES (\(\?::bytea, \?::bytea\))(, \1)*")


@pytest.fixture(autouse=True)
def _long_host_cache(monkeypatch, settings):
    """Keep the host cache from expiring in the middle of a comparison."""
    settings.HOST_CACHE_SECONDS = 86_400
    monkeypatch.setattr(hostnames, "known_hosts", {})


def walk_through_api(program: PortalProgram, identifier: str, time_machine) -> list[tuple]:
    """Go through everything that a stranger's program can do with an address; return what each step reveals."""
    steps = []

    def observe(path, body):
        with CaptureQueriesContext(connection) as captured:
            answer = program.post(path, body)
        del answer.headers["X-Request-Id"]
        assert len(answer.content) == int(answer.headers["Content-Length"])
        statements = [BUDGETS.sub("VALUES", statement) for statement in normalise_statements(captured)]
        parts = observable_parts(answer, identifier, statements)
        steps.append((*parts[:3], mask_random(answer), parts[4]))
        return answer

    challenge_id = observe("sign-in/challenges/", {"identifier": identifier}).json()["id"]
    challenge = f"sign-in/challenges/{challenge_id}"
    observe(f"{challenge}/answers/", {"code": "1"})
    observe(f"{challenge}/resends/", {})
    observe(f"{challenge}/resends/", {"channel": "sms"})
    observe(f"{challenge}/resends/", {"channel": "email"})
    time_machine.shift(181)
    observe(f"{challenge}/resends/", {"channel": "sms"})
    observe(f"{challenge}/resends/", {})
    observe(f"{challenge}/choices/", {"client": "6f0b7a54-3d3c-4a3f-9a44-7a8b1c5c9d10"})
    for _guess in range(6):
        observe(f"{challenge}/answers/", {"code": "000000"})
    for _attempt in range(6):
        observe("sign-in/challenges/", {"identifier": identifier})
    time_machine.shift(-181)
    return steps


def mask_random(answer) -> str:
    """Return a body without what is random, but with its length."""
    return str(
        {
            name: len(value) if name in ("id", "request_id", "wait_token") else value
            for name, value in answer.json().items()
        }
    )


@pytest.mark.parametrize("known_by", [MAILBOXES, MOBILES], ids=["email", "phone"])
def test_all_addresses_get_the_same_answers_of_the_same_size_with_the_same_statements(
    acme, clients_of_every_kind, time_machine, known_by
):
    start_portal_program(acme).post("sign-in/challenges/", {"identifier": "warm@example.com"})
    walkthroughs = {
        name: walk_through_api(start_portal_program(acme, REMOTE_ADDR=f"10.7.{number}.1"), address, time_machine)
        for number, (name, address) in enumerate(known_by.items())
    }

    statuses = [step[0] for step in walkthroughs["unknown"]]
    assert {201, 409, 422, 429} <= set(statuses), statuses
    assert_indistinguishable(walkthroughs)


def test_no_code_is_right_for_an_unknown_address(acme, clients_of_every_kind):
    for name in ("unknown", "archived", "blocked", "of another business"):
        program = start_portal_program(acme)
        challenge_id = program.open_challenge(MAILBOXES[name])
        answer = program.answer(challenge_id, program.get_code(challenge_id))
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "wrong_code"), name


def test_of_60_parallel_wrong_guesses_only_five_are_checked(committed_db, acme, ana):
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    code = program.get_code(challenge_id)
    wrong = [guess for number in range(61) if (guess := f"{number:06d}") != code][:60]

    answers = run_concurrently(lambda guess: program.answer(challenge_id, guess).status_code, wrong)

    assert Counter(answers) == {422: 5, 409: 55}


def test_of_60_parallel_right_answers_one_wins(committed_db, acme, ana, count_sessions):
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    code = program.get_code(challenge_id)

    answers = run_concurrently(lambda _n: program.answer(challenge_id, code).status_code, range(60))

    assert Counter(answers)[201] == 1
    assert set(answers) == {201, 409}
    assert count_sessions(acme) == 1


def test_guesses_by_the_api_and_on_the_pages_use_up_the_same_limit(acme, ana, open_visitor):
    network, statuses = {"REMOTE_ADDR": "10.8.0.1"}, []
    for _attempt in range(2):
        program = start_portal_program(acme, **network)
        challenge_id = program.open_challenge()
        wrong = make_wrong_code(program.get_code(challenge_id))
        statuses += [program.answer(challenge_id, wrong).status_code for _guess in range(5)]
    visitor = open_visitor(acme, **network)
    visitor.request_code()
    on_page = [visitor.submit_code(code).status_code for code in visitor.wrong_codes()[:2]]

    assert statuses[-1] == 429, statuses
    # The first guess of a challenge is always checked.
    assert on_page == [422, 429]


def test_a_guess_stays_counted_whatever_key_for_repeats_it_has(acme, ana):
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    for _repeat in range(3):
        program.post(f"sign-in/challenges/{challenge_id}/answers/", {"code": "1234567"}, **{"Idempotency-Key": "a"})
        program.post(f"sign-in/challenges/{challenge_id}/answers/", {"code": "123456"}, **{"Idempotency-Key": "a"})

    with use_business(acme):
        assert Challenge.objects.get().failures == 3


def test_a_challenge_of_another_business_is_not_open_here(acme, globex, same_name_clients):
    at_globex, at_acme = start_portal_program(globex), start_portal_program(acme)
    challenge_id = at_globex.open_challenge()
    code = at_globex.get_code(challenge_id)

    assert at_acme.answer(challenge_id, code).json()["code"] == "challenge_closed"
    for step, body in (("resends", {}), ("choices", {"client": str(same_name_clients[0].pk)})):
        answer = at_acme.post(f"sign-in/challenges/{challenge_id}/{step}/", body)
        assert answer.json()["code"] == "challenge_closed"
    assert at_globex.answer(challenge_id, code).status_code == 201


def test_a_challenge_that_a_page_opened_needs_the_secret_of_its_cookie(acme, ana, open_visitor):
    visitor = open_visitor(acme)
    visitor.request_code()
    program = start_portal_program(acme)

    assert program.answer(str(visitor.challenge.pk), visitor.code()).json()["code"] == "challenge_closed"
    assert visitor.submit_code(visitor.code()).status_code == 302


def test_a_planted_device_token_is_replaced_when_somebody_else_signs_in(acme, ana, attacker, count_sessions):
    mallory = start_portal_program(acme).sign_in("mallory@example.com")
    victim = start_portal_program(acme)
    victim.device_token = mallory.device_token
    challenge_id = victim.open_challenge(ANA, device_token=mallory.device_token)
    answer = victim.answer(challenge_id, victim.get_code(challenge_id), device_token=mallory.device_token)

    assert answer.json()["device_token"] != mallory.device_token
    again = start_portal_program(acme)
    again.open_challenge(ANA, device_token=mallory.device_token)
    with use_business(acme):
        assert not Challenge.objects.latest("created_at").is_recognised_browser
        assert ClientSession.objects.filter(client=ana).count() == 1
