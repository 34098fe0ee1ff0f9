"""T1, L20, L29: a token of the client API works for its client, at its business, until its session ends."""

import time

import pytest
from cachetools import TTLCache
from django.test import Client
from django.utils import timezone

from portal.access.kinds import AccessEvent
from portal.access.models import ClientSession, TokenGrant
from portal.activity.models import Entry
from portal.cards.services import erase_client
from tenants import hostnames
from tenants.context import use_business
from tests.api.portal.portal_programs import start_portal_program
from tests.attacks.concurrent_tasks import run_concurrently
from tests.attacks.test_session_revocation import MAX_DELAY_SECONDS, REVOCATIONS
from tests.portal.impersonation.impersonation_steps import follow_impersonation

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _host_cache_on_test_clock(monkeypatch, settings):
    """Let what a process knows of hosts grow old by the clock that tests move."""
    monkeypatch.setattr(hostnames, "known_hosts", TTLCache(10, settings.HOST_CACHE_SECONDS, timer=time.time))


@pytest.fixture
def program(acme, ana):
    """Ana's program at Acme, signed in."""
    return start_portal_program(acme).sign_in()


def is_signed_in(program) -> bool:
    """Tell whether a program's access token works."""
    return program.get("me/sessions/").status_code == 200


def test_a_token_of_one_business_is_none_of_another_s(acme, globex, same_name_clients):
    program = start_portal_program(acme).sign_in()
    other = start_portal_program(globex)
    other.tokens = program.tokens

    assert not is_signed_in(other)
    assert other.refresh().json()["code"] == "unauthenticated"
    assert is_signed_in(program)


def test_a_refresh_token_used_again_later_ends_the_session(acme, program, advance_time):
    stolen = program.tokens["refresh_token"]
    thief = start_portal_program(acme)
    assert program.refresh().status_code == 201
    advance_time(11)
    refused = thief.refresh(stolen)

    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert not is_signed_in(program)
    assert program.refresh().status_code == 401
    with use_business(acme):
        assert ClientSession.objects.get().ended_at
        assert Entry.objects.filter(event_type=AccessEvent.SESSION_ENDED).count() == 1


def test_whoever_refreshes_second_of_thief_and_owner_ends_what_the_first_has(acme, program, advance_time):
    stolen = program.tokens["refresh_token"]
    thief = start_portal_program(acme)
    assert thief.refresh(stolen).status_code == 201
    advance_time(11)

    assert program.refresh().status_code == 401
    assert not is_signed_in(thief)
    assert thief.refresh().status_code == 401


def test_a_thief_who_repeats_a_refresh_in_time_gets_no_chain_of_their_own(acme, program, advance_time):
    stolen = program.tokens["refresh_token"]
    thief = start_portal_program(acme)
    program.refresh()
    thief.refresh(stolen)
    assert thief.tokens == program.tokens
    advance_time(11)
    assert program.refresh().status_code == 201
    advance_time(11)

    assert thief.refresh().status_code == 401
    assert not is_signed_in(program)


def test_of_parallel_refreshes_one_wins_and_the_others_get_its_answer(committed_db, acme, ana):
    program = start_portal_program(acme).sign_in()
    token = program.tokens["refresh_token"]

    answers = run_concurrently(
        lambda _n: start_portal_program(acme).post("tokens/", {"refresh_token": token}).content, range(20)
    )

    assert len(set(answers)) == 1, set(answers)
    with use_business(acme):
        assert TokenGrant.objects.count() == 2
        assert ClientSession.objects.get().ended_at is None


@pytest.mark.parametrize("end", REVOCATIONS)
def test_tokens_end_with_their_session(acme, ana, program, advance_time, end):
    end(acme, ana)
    advance_time(MAX_DELAY_SECONDS)

    for answer in (program.get("me/sessions/"), program.refresh()):
        assert answer.status_code in (401, 403, 404), answer.content
        assert answer["Content-Type"] == "application/problem+json"


def test_an_erased_client_s_tokens_are_gone(acme, ana, program):
    with use_business(acme):
        erase_client(client=ana, business=acme, staff=None, reason="asked", now=timezone.now())
        assert not TokenGrant.objects.exists()

    assert not is_signed_in(program)


def test_ending_a_session_ends_its_tokens_and_no_other_s(acme, program):
    other = start_portal_program(acme).sign_in()
    assert program.delete(f"me/sessions/{other.tokens['session_id']}/").status_code == 204

    assert not is_signed_in(other)
    assert other.refresh().status_code == 401
    assert is_signed_in(program)
    assert program.delete(f"me/sessions/{program.tokens['session_id']}/").status_code == 204
    assert not is_signed_in(program)
    with use_business(acme):
        ended = Entry.objects.filter(event_type__in=(AccessEvent.SESSION_ENDED, AccessEvent.SIGNED_OUT))
        assert list(ended.order_by("at").values_list("event_type", flat=True)) == [
            "access.session-ended",
            "access.signed-out",
        ]


def test_signing_all_others_out_ends_their_tokens(acme, program, signed_in_ana):
    other = start_portal_program(acme).sign_in()
    assert program.delete("me/sessions/").status_code == 204

    assert not is_signed_in(other)
    assert signed_in_ana.request_home_status() == 302
    assert is_signed_in(program)


def test_nobody_ends_another_client_s_session(acme, program, attacker):
    mallory = start_portal_program(acme).sign_in("mallory@example.com")
    answer = mallory.delete(f"me/sessions/{program.tokens['session_id']}/")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert is_signed_in(program)


@pytest.fixture
def browser(acme, signed_in_ana):
    """Ana's browser, signed in, at a portal that checks CSRF tokens as it does in earnest."""
    browser = Client(headers={"host": hostnames.get_portal_host(acme)}, enforce_csrf_checks=True)
    browser.cookies.update(signed_in_ana.browser.cookies)
    return browser


def delete_other_sessions(browser, **headers):
    return browser.generic("DELETE", "/api/v1/me/sessions/", headers=headers)


def test_with_the_cookie_a_change_needs_the_csrf_token(browser):
    assert browser.get("/api/v1/me/sessions/").status_code == 200
    refused = delete_other_sessions(browser)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")

    token = str(browser.get("/account/").context["csrf_token"])
    assert delete_other_sessions(browser, **{"X-CSRFToken": token}).status_code == 204
    cross = {"X-CSRFToken": token, "Origin": "https://evil.example"}
    assert delete_other_sessions(browser, **cross).json()["code"] == "csrf_failed"


def test_a_token_needs_no_csrf_token_and_wins_over_the_cookie(acme, browser, attacker):
    mallory = start_portal_program(acme).sign_in("mallory@example.com")
    bearer = {"Authorization": f"Bearer {mallory.tokens['access_token']}"}
    sessions = browser.get("/api/v1/me/sessions/", headers=bearer).json()["items"]

    assert [one["id"] for one in sessions if one["is_current"]] == [mallory.tokens["session_id"]]
    assert delete_other_sessions(browser, **bearer).status_code == 204
    assert browser.get("/api/v1/me/sessions/").status_code == 200


def test_a_wrong_token_is_refused_even_beside_a_good_cookie(browser):
    answer = browser.get("/api/v1/me/sessions/", headers={"Authorization": "Bearer x"})

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_a_key_of_the_business_api_opens_nothing_on_the_portal(acme, program):
    program.tokens = {"access_token": "pk_" + "a" * 40}

    assert program.get("me/sessions/").json()["code"] == "unauthenticated"


def test_staff_who_view_the_portal_as_a_client_only_read(acme, ana, program, staff_client):
    path = f"/console/acme/portal/impersonation/{ana.pk}/"
    browser = follow_impersonation(staff_client(), path, acme, reason="They asked")
    refused = delete_other_sessions(browser)

    assert browser.get("/api/v1/me/sessions/").status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert is_signed_in(program)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_former_address_says_the_new_one_and_redirects_no_program(
    acme, program, method, now, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        hostnames.change_slug(business=acme, slug="acme-new", now=now)
    answer = program.send(method, "me/sessions/")

    assert (answer.status_code, answer.json()["code"]) == (410, "moved")
    assert answer.json()["portal_url"] == "http://acme-new.localhost:8000/"
    assert "Location" not in answer
