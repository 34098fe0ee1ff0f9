"""allauth's limits hold across processes, with and without Redis, and no code can be guessed past them."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection

from portal.team.kinds import TeamEmail
from tenants.models import StaffEmail
from tenants.staff import email_secrets, login_attempts
from tests.factories import create_member
from tests.tenants.staff.test_sign_in import authenticator_code

SIGN_IN, CODE = "/staff/sign-in/", "/staff/sign-in/code/"
ELSEWHERE = """
import django; django.setup()
from django.contrib.sessions.models import Session
from django.core.cache import cache
print(cache.get("allauth:mine"), cache.add("allauth:mine", 2, 60), cache.get("ours"))
"""


@pytest.fixture
def sam(acme, outbox):
    """Sam, who works at Acme."""
    return create_member(acme, "staff").person


def test_only_allauths_keys_are_shared_with_other_processes(redis_db):
    cache.set("allauth:mine", [1.5, 1.25], 60)
    cache.set("ours", "here", 60)
    command = [sys.executable, "-c", ELSEWHERE]

    output = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True).stdout

    assert output.strip() == "[1.5, 1.25] False None"
    assert cache.get("ours") == "here"
    assert 0 < redis_db.ttl(next(redis_db.scan_iter("staff-limit:*"))) <= 60


def test_an_authenticator_code_works_once_across_processes(sam, platform_client, outbox):
    secret = generate_totp_secret()
    TOTP.activate(sam, secret)
    shown, answers = authenticator_code(secret), []
    for _process in range(2):
        LocMemCache.clear(cache)
        browser = platform_client()
        browser.post(SIGN_IN, {"email": sam.email})
        outbox.deliver_due()
        browser.post(CODE, {"code": outbox.code(sam.email)})
        answers.append(browser.post("/staff/sign-in/second-factor/", {"code": shown}).status_code)

    assert answers == [302, 200]


@pytest.mark.parametrize(("steps_ago", "is_taken"), [(2, False), (1, True), (0, True), (-1, True), (-2, False)])
def test_an_authenticator_code_is_accepted_one_step_off_and_remembered_longer(sam, redis_db, steps_ago, is_taken):
    secret = generate_totp_secret()
    app = TOTP.activate(sam, secret)
    with time_machine.travel(1_800_000_015, tick=False):
        code = authenticator_code(secret, steps_ago=steps_ago)

        assert app.validate_code(code) is is_taken
        assert not app.validate_code(code)

    remembered = [redis_db.ttl(key) for key in redis_db.scan_iter("staff-limit:*")]
    # It is taken for ninety seconds by one clock; another one may be ten minutes behind.
    assert all(seconds > 680 for seconds in remembered)
    assert len(remembered) == is_taken


def test_redis_keys_reveal_no_email_or_ip_addresses(sam, platform_client, outbox, redis_db):
    TOTP.activate(sam, generate_totp_secret())
    browser = platform_client(REMOTE_ADDR="203.0.113.77")
    browser.post(SIGN_IN, {"email": sam.email})
    outbox.deliver_due()
    browser.post(CODE, {"code": outbox.code(sam.email)})
    browser.post("/staff/sign-in/second-factor/", {"code": "000000"})

    kept = [*redis_db.scan_iter(), *(redis_db.get(key) for key in redis_db.scan_iter("staff-limit:*"))]
    assert len(kept) > 2
    assert all(word not in part for part in kept for word in (b"203.0.113", sam.email.encode(), b"acme"))


def test_a_code_allows_three_attempts_across_concurrent_processes(committed_db, acme, now):
    letter = StaffEmail.objects.create(
        kind=TeamEmail.CODE,
        key_id=email_secrets.current_key_id(),
        created_at=now,
        expires_at=now + timedelta(minutes=5),
    )

    def guess(_number):
        try:
            return login_attempts.count_attempt(letter.pk, now=now) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(40))) == 3


def test_a_closed_code_allows_no_attempt_even_with_a_slow_clock(acme, now):
    letter = StaffEmail.objects.create(
        kind=TeamEmail.CODE,
        key_id=email_secrets.current_key_id(),
        created_at=now,
        expires_at=now + timedelta(minutes=5),
    )
    login_attempts.close_code(letter.pk, now=now + timedelta(seconds=1))

    assert login_attempts.count_attempt(letter.pk, now=now) is None
    letter.refresh_from_db()
    assert letter.guesses == 0


def test_a_restored_session_gains_no_attempts(sam, platform_client, outbox):
    # Guesses sent side by side all read the session as it was before any of them.
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    before = Session.objects.get().session_data
    for _guess in range(3):
        browser.post(CODE, {"code": "00000000"})
        Session.objects.update(session_data=before)

    outbox.deliver_due()
    browser.post(CODE, {"code": email_secrets.derive_code(StaffEmail.objects.get())})

    assert browser.get("/console/acme/").status_code == 302
