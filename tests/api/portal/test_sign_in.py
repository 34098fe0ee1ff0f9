"""Tests of signing in by the client API."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings as configured

from portal.access.models import Challenge, ClientSession, TokenGrant
from portal.branding.models import PortalSettings
from tenants import hostnames, tokens
from tenants.context import use_business
from tenants.models import Business
from tests.api.portal.portal_programs import start_portal_program
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE, make_wrong_code

pytestmark = pytest.mark.django_db


def test_a_client_signs_in_with_a_code(acme, ana, outbox):
    program = start_portal_program(acme)
    answer = program.post("sign-in/challenges/", {"identifier": " Ana@Example.com "})
    challenge = answer.json()
    outbox.deliver_due()

    assert answer.status_code == 201
    assert set(challenge) == {"id", "channel", "expires_at", "resend_at", "digits"}
    assert (challenge["channel"], challenge["digits"]) == ("email", 6)
    code = outbox.code(ANA)
    signed_in = program.answer(challenge["id"], code)
    assert signed_in.status_code == 201
    assert signed_in.json()["clients"] == []
    program.tokens = signed_in.json()["tokens"]
    [session] = program.get("me/sessions/").json()["items"]
    assert (session["id"], session["is_current"]) == (program.tokens["session_id"], True)


def test_the_id_of_a_challenge_is_a_secret_that_the_database_doesn_t_hold(acme, ana):
    challenge_id = start_portal_program(acme).open_challenge()
    with use_business(acme):
        row = Challenge.objects.values().get()

    assert len(challenge_id) >= 43
    assert str(row["id"]) != challenge_id
    assert bytes(row["browser_digest"]) == tokens.digest_token(challenge_id)
    answer = start_portal_program(acme).answer(str(row["id"]), "123456")
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge_closed")


def test_times_have_a_zone_and_say_when_a_code_ends_and_another_may_be_asked_for(acme, ana, now, settings):
    settings.LOGIN_CODE_LIFETIME, settings.LOGIN_RESEND_WAIT = timedelta(minutes=7), timedelta(minutes=2)
    challenge = start_portal_program(acme).post("sign-in/challenges/", {"identifier": ANA}).json()
    expires_at, resend_at = (datetime.fromisoformat(challenge[name]) for name in ("expires_at", "resend_at"))

    assert expires_at - resend_at == timedelta(minutes=5)
    assert expires_at.tzinfo
    assert expires_at > now


def test_a_code_keeps_its_zeros(acme, ana):
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    code = program.get_code(challenge_id)
    answer = program.answer(challenge_id, int(code))

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "code", "code": "invalid", "message": "Not a valid string."}]
    with use_business(acme):
        assert Challenge.objects.get().failures == 0
    assert program.answer(challenge_id, code).status_code == 201


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "identifier", "required"),
        ({"identifier": "\u200b"}, "identifier", "blank"),
        ({"identifier": "Ana"}, "identifier", "invalid_identifier"),
        ({"identifier": "a\u0000na@example.com"}, "identifier", "null_characters_not_allowed"),
        ({"identifier": ["a"]}, "identifier", "invalid"),
        ({"identifier": "a" * 255}, "identifier", "max_length"),
        ({"identifier": ANA, "purpose": "sign-in"}, "purpose", "unknown_field"),
    ],
)
def test_a_wrong_field_of_a_request_for_a_code_is_named(acme, body, field, code):
    answer = start_portal_program(acme).post("sign-in/challenges/", body)

    assert answer.status_code == 422
    assert (field, code) in [(error["field"], error["code"]) for error in answer.json()["errors"]]


def test_a_wrong_code_says_how_many_guesses_are_left_and_the_last_one_closes(acme, ana):
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    wrong = make_wrong_code(program.get_code(challenge_id))
    answers = [program.answer(challenge_id, wrong) for _guess in range(6)]

    assert [answer.json().get("guesses_left") for answer in answers] == [4, 3, 2, 1, 0, None]
    assert answers[0].json()["errors"][0]["code"] == "wrong_code"
    assert (answers[5].status_code, answers[5].json()["code"]) == (409, "challenge_closed")
    assert program.answer(challenge_id, program.get_code(challenge_id)).status_code == 409


def test_a_right_code_works_once(acme, ana):
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    code = program.get_code(challenge_id)

    assert program.answer(challenge_id, code).status_code == 201
    assert program.answer(challenge_id, code).json()["code"] == "challenge_closed"
    with use_business(acme):
        assert ClientSession.objects.count() == TokenGrant.objects.count() == 1


def test_who_shares_an_address_chooses_their_name(acme, ana):
    with use_business(acme):
        bo = ClientFactory(name="Bo Pereira", email=ANA)
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    answer = program.answer(challenge_id, program.get_code(challenge_id))

    assert answer.status_code == 200
    assert answer.json()["tokens"] is None
    assert answer.json()["clients"] == [
        {"id": str(ana.pk), "name": "Ana Pereira"},
        {"id": str(bo.pk), "name": "Bo Pereira"},
    ]
    path = f"sign-in/challenges/{challenge_id}/choices/"
    assert program.post(path, {"client": str(uuid4())}).json()["errors"][0]["code"] == "not_among_them"
    chosen = program.post(path, {"client": str(bo.pk)})
    assert chosen.status_code == 201
    with use_business(acme):
        assert ClientSession.objects.get().client == bo
    assert program.post(path, {"client": str(ana.pk)}).json()["code"] == "challenge_closed"


def test_nobody_chooses_before_a_right_code(acme, ana):
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    answer = program.post(f"sign-in/challenges/{challenge_id}/choices/", {"client": str(ana.pk)})

    assert answer.json()["code"] == "challenge_closed"


def test_another_code_comes_after_the_wait_by_the_other_channel_at_once(acme, ana, outbox, time_machine, now):
    time_machine.move_to(now, tick=False)
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    path = f"sign-in/challenges/{challenge_id}/resends/"
    early, by_text = program.post(path, {}), program.post(path, {"channel": "sms"})
    outbox.deliver_due()

    assert (early.status_code, early.json()["code"], early["Retry-After"]) == (429, "rate_limited", "180")
    assert (by_text.status_code, by_text.json()["channel"]) == (201, "sms")
    assert program.answer(challenge_id, outbox.code(MOBILE)).status_code == 201
    assert program.post(path, {}).json()["code"] == "challenge_closed"


def test_a_program_that_was_used_before_is_recognised(acme, ana, outbox):
    first = start_portal_program(acme).sign_in()
    again = start_portal_program(acme)
    challenge_id = again.open_challenge(device_token=first.device_token)
    with use_business(acme):
        assert Challenge.objects.get(closed_at=None).is_recognised_browser
    answer = again.answer(challenge_id, again.get_code(challenge_id), device_token=first.device_token)
    outbox.deliver_due()

    assert answer.json()["device_token"] == first.device_token
    assert len([mail for mail in outbox.sent(ANA) if "new" in mail["subject"].lower()]) == 1


def test_a_program_stays_signed_in_longer_if_it_asks_to(acme, ana):
    for remember_me in (False, True):
        start_portal_program(acme).sign_in(remember_me=remember_me)
    with use_business(acme):
        short, long = ClientSession.objects.order_by("expires_at")

    assert short.expires_at - short.created_at == configured.CLIENT_SESSION_IDLE_TIMEOUT
    assert long.expires_at - long.created_at == configured.REMEMBER_ME_LIFETIME


def test_in_attack_mode_an_unknown_program_waits_first(acme, ana, now, time_machine):
    time_machine.move_to(now, tick=False)
    Business.objects.filter(pk=acme.pk).update(attack_until=now + timedelta(hours=1))
    hostnames.invalidate_host_cache()
    program = start_portal_program(acme)
    told = program.post("sign-in/challenges/", {"identifier": ANA})

    assert (told.status_code, told.json()["code"], told["Retry-After"]) == (429, "wait_required", "5")
    body = {"identifier": ANA, "wait_token": told.json()["wait_token"]}
    assert program.post("sign-in/challenges/", body).json()["code"] == "wait_required"
    time_machine.shift(5)
    answer = program.post("sign-in/challenges/", body)
    assert (answer.status_code, answer.json()["digits"]) == (201, 8)


def test_pages_and_api_share_one_limit_of_a_network(acme, ana, settings, portal_client):
    settings.LOGIN_REQUESTS_PER_IP, settings.LOGIN_GUESSES_PER_IP = "2/minute", "2/minute"
    program, browser = start_portal_program(acme), portal_client(acme)
    challenge_id = program.open_challenge()
    browser.post("/sign-in/", {"identifier": ANA})
    refused = program.post("sign-in/challenges/", {"identifier": ANA})
    program.answer(challenge_id, "123456")
    browser.post("/sign-in/code/", {"code": "123456"})

    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (429, "rate_limited", "60")
    assert program.answer(challenge_id, "123456").status_code == 429
    assert browser.post("/sign-in/code/", {"code": "123456"}).status_code == 429


def test_signing_in_reads_and_sets_no_cookie(acme, ana):
    program = start_portal_program(acme)
    challenge_id = program.open_challenge()
    answer = program.answer(challenge_id, program.get_code(challenge_id))

    assert not answer.cookies
    assert not program.browser.cookies


def test_a_code_by_text_is_preferred_where_the_business_says_so(acme, ana):
    with use_business(acme):
        PortalSettings.objects.update_or_create(defaults={"default_channel": "sms"})
    answer = start_portal_program(acme).post("sign-in/challenges/", {"identifier": ANA})

    assert answer.json()["channel"] == "sms"


def test_asking_for_a_code_and_answering_it_take_at_most_eight_statements(committed_db, acme, ana):
    start_portal_program(acme).sign_in()
    program = start_portal_program(acme)
    with capture_statements() as asking:
        challenge_id = program.open_challenge()
    code = program.get_code(challenge_id)
    with capture_statements() as answering:
        assert program.answer(challenge_id, code).status_code == 201

    assert len(asking.queries) <= 8, asking.queries
    assert len(answering.queries) <= 8, answering.queries
