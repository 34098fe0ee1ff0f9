"""Tests of the tokens of the client API: how they are used, refreshed and ended."""

from datetime import timedelta

import pytest
from django.conf import settings as configured

from portal.access.models import ClientSession, TokenGrant
from portal.access.purges import purge_used_token_grants
from tenants.context import use_business
from tests.api.portal.portal_programs import start_portal_program
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(time_machine, now):
    """Let the clock stand still until a test moves it."""
    time_machine.move_to(now, tick=False)
    return time_machine


def test_an_access_token_ends_and_a_refresh_gets_another(acme, ana, clock):
    program = start_portal_program(acme).sign_in(remember_me=True)
    first = program.tokens
    clock.shift(configured.CLIENT_ACCESS_TOKEN_LIFETIME.total_seconds() - 1)
    assert program.get("me/sessions/").status_code == 200
    clock.shift(1)
    refused = program.get("me/sessions/")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_expired")

    assert program.refresh().status_code == 201
    assert not {first["access_token"], first["refresh_token"]} & set(program.tokens.values())
    assert program.tokens["session_id"] == first["session_id"]
    assert program.get("me/sessions/").status_code == 200


def test_a_refresh_keeps_a_session_alive_that_is_used(acme, ana, clock):
    program = start_portal_program(acme).sign_in()
    for _time in range(3):
        clock.shift(configured.CLIENT_SESSION_IDLE_TIMEOUT.total_seconds() - 1)
        assert program.refresh().status_code == 201
    clock.shift(configured.CLIENT_SESSION_IDLE_TIMEOUT.total_seconds())

    assert program.refresh().json()["code"] == "unauthenticated"


def test_a_refresh_sent_again_at_once_gets_the_same_tokens(acme, ana, clock):
    program = start_portal_program(acme).sign_in()
    sent = program.tokens["refresh_token"]
    first = program.refresh(sent).json()
    clock.shift(10)

    assert program.refresh(sent).json() == first
    with use_business(acme):
        assert TokenGrant.objects.count() == 2


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 101, "a b"])
def test_a_token_that_never_was_is_refused(acme, ana, token):
    program = start_portal_program(acme)
    program.tokens = {"access_token": token}
    answer = program.get("me/sessions/")

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert program.post("tokens/", {"refresh_token": token}).status_code in (401, 422)


def test_an_access_token_is_no_refresh_token_and_the_other_way_round(acme, ana):
    program = start_portal_program(acme).sign_in()
    access, refresh = program.tokens["access_token"], program.tokens["refresh_token"]

    assert program.post("tokens/", {"refresh_token": access}).status_code == 401
    assert program.get("me/sessions/", authorization=f"Bearer {refresh}").status_code == 401


def test_tokens_are_stored_as_digests_only(acme, ana):
    program = start_portal_program(acme).sign_in()
    program.refresh()
    with use_business(acme):
        rows = repr(list(TokenGrant.objects.values()))

    assert program.tokens["access_token"] not in rows
    assert program.tokens["refresh_token"] not in rows


def test_used_tokens_are_deleted_when_they_are_old(acme, ana, now):
    program = start_portal_program(acme).sign_in()
    program.refresh()
    with use_business(acme):
        assert purge_used_token_grants(now + timedelta(days=89), 10) == 0
        assert purge_used_token_grants(now + timedelta(days=91), 10) == 1
        assert TokenGrant.objects.get().used_at is None


def test_requests_beyond_the_limit_of_a_session_are_refused_and_counted_down(acme, ana, settings):
    settings.API_REQUESTS_PER_SESSION = "2/minute"
    program, other = (start_portal_program(acme).sign_in() for _device in range(2))
    answers = [program.get("me/sessions/") for _request in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit"] for answer in answers[:2]] == ['"session";r=1;t=60', '"session";r=0;t=60']
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert other.get("me/sessions/").status_code == 200


def test_a_network_may_try_only_so_many_tokens(acme, ana, settings):
    settings.API_REQUESTS_PER_NETWORK = "3/minute"
    guesser, program = start_portal_program(acme), start_portal_program(acme).sign_in()
    guesser.tokens = {"access_token": "x"}
    answers = [guesser.get("me/sessions/").status_code for _guess in range(2)]
    answers += [guesser.post("tokens/", {"refresh_token": "x"}).status_code for _guess in range(2)]

    assert answers == [401, 401, 401, 429]
    assert program.get("me/sessions/").status_code == 200
    assert program.refresh().status_code == 201


def test_a_refresh_and_a_request_take_few_statements(committed_db, acme, ana):
    program = start_portal_program(acme).sign_in()
    program.get("me/sessions/")
    with capture_statements() as reading:
        assert program.get("me/sessions/").status_code == 200
    with capture_statements() as refreshing:
        assert program.refresh().status_code == 201

    assert len(reading.sent) <= 6, reading.sent
    assert len(refreshing.sent) <= 8, refreshing.sent


def test_a_session_has_no_token_that_a_browser_could_use(acme, ana, portal_client):
    program = start_portal_program(acme).sign_in()
    browser = portal_client(acme)
    for token in program.tokens.values():
        browser.cookies["session"] = token
        assert browser.get("/").status_code == 302
    with use_business(acme):
        assert ClientSession.objects.count() == 1


def test_a_refused_refresh_uses_no_token_up(acme, ana, settings):
    settings.API_REQUESTS_PER_SESSION = "1/minute"
    program = start_portal_program(acme).sign_in()
    program.get("me/sessions/")
    assert program.refresh().status_code == 429
    settings.API_REQUESTS_PER_SESSION = "100/minute"
    assert program.refresh().status_code == 201
