"""Emails to staff leave by the outbox and survive crashes, and nothing stores their codes."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants import outbox as debts
from tenants.models import Delivery, DeliveryState, Person, Queue, StaffEmail
from tenants.staff import email_secrets
from tests.factories import create_member
from workers.actors.delivery_jobs import deliver_now

SIGN_IN, CODE = "/staff/sign-in/", "/staff/sign-in/code/"


@pytest.fixture(autouse=True)
def _isolated_outbox(outbox):
    """Every test here leaves its mails in a folder of its own."""


@pytest.fixture
def sam(acme) -> Person:
    """Sam, who works at Acme."""
    return create_member(acme, "staff").person


@pytest.fixture
def run_commit_hooks(django_capture_on_commit_callbacks):
    """Return a context manager that runs a block's on-commit hooks, enqueueing among them."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def subjects_sent_to(outbox, person: Person) -> list[str]:
    return [mail["subject"] for mail in outbox.sent(person.email)]


def test_a_code_is_enqueued_before_the_page_answers_and_works_once_sent(sam, platform_client, outbox):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    delivery = Delivery.objects.get(business=None)

    assert (delivery.queue, delivery.state) == (Queue.CODES, DeliveryState.QUEUED)
    assert outbox.sent() == []
    outbox.deliver_due()
    [mail] = outbox.sent(sam.email)
    code = outbox.code(sam.email)
    assert code in mail["html"]
    assert code in mail["text"]
    browser.post(CODE, {"code": code})
    assert browser.get("/console/acme/").status_code == 200


def test_the_sweeper_sends_an_email_that_was_not_enqueued(sam, platform_client):
    platform_client().post(SIGN_IN, {"email": sam.email})
    delivery = Delivery.objects.get()
    late = delivery.created_at + timedelta(seconds=10)

    assert debts.lease_due_deliveries(Queue.CODES, late, 5) == [delivery.pk]
    assert debts.lease_due_deliveries(Queue.CODES, late, 5) == []


def test_after_a_crashed_worker_the_next_one_sends_the_same_code(sam, platform_client, outbox):
    platform_client().post(SIGN_IN, {"email": sam.email})
    delivery, letter = Delivery.objects.get(), StaffEmail.objects.get()
    debts.claim_delivery(delivery.pk, timezone.now())

    deliver_now(delivery.pk)
    assert outbox.sent() == []
    deliver_now(delivery.pk, clock=lambda: timezone.now() + timedelta(minutes=1))

    assert outbox.code(sam.email) == email_secrets.derive_code(letter)


def test_an_unknown_address_writes_the_same_rows_and_gets_nothing(acme, platform_client, outbox):
    platform_client().post(SIGN_IN, {"email": "stranger@example.com"})
    delivery = Delivery.objects.get()
    assert (delivery.state, StaffEmail.objects.get().person) == (DeliveryState.VOID, None)

    deliver_now(delivery.pk)

    assert outbox.sent() == []


def test_an_unknown_address_runs_the_same_statements(sam, platform_client):
    counts = []
    for email in (sam.email, "stranger@example.com"):
        browser = platform_client()
        browser.get(SIGN_IN)
        with CaptureQueriesContext(connection) as asked:
            browser.post(SIGN_IN, {"email": email})
        with CaptureQueriesContext(connection) as guessed:
            browser.post(CODE, {"code": "00000000"})
        counts.append((len(asked), sum("tenants_staffemail" in query["sql"] for query in guessed)))

    assert counts[0] == counts[1]


def test_an_expired_code_is_never_sent(sam, platform_client, outbox, settings):
    platform_client().post(SIGN_IN, {"email": sam.email})
    late = timezone.now() + settings.STAFF_CODE_LIFETIME + timedelta(seconds=1)

    deliver_now(Delivery.objects.get().pk, clock=lambda: late)

    assert outbox.sent() == []
    assert Delivery.objects.get().state == DeliveryState.EXPIRED


def test_a_replaced_code_is_not_sent(sam, platform_client, outbox):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    browser.post(CODE, {"action": "resend"})

    outbox.deliver_due()

    assert len(outbox.sent(sam.email)) == 1
    browser.post(CODE, {"code": outbox.code(sam.email)})
    assert browser.get("/console/acme/").status_code == 200


def test_a_used_code_is_not_sent_again(sam, platform_client, outbox):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    browser.post(CODE, {"code": email_secrets.derive_code(StaffEmail.objects.get())})

    outbox.deliver_due()

    assert subjects_sent_to(outbox, sam) == []


def test_a_worker_with_a_slow_clock_sends_no_used_code(sam, platform_client, outbox, now):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    with time_machine.travel(now + timedelta(seconds=5)):
        browser.post(CODE, {"code": email_secrets.derive_code(StaffEmail.objects.get())})

    deliver_now(Delivery.objects.get().pk, clock=lambda: now + timedelta(seconds=1))

    assert subjects_sent_to(outbox, sam) == []


def test_a_person_deactivated_meanwhile_gets_no_code(sam, platform_client, outbox):
    platform_client().post(SIGN_IN, {"email": sam.email})
    Person.objects.update(is_active=False)

    outbox.deliver_due()

    assert outbox.sent() == []


def test_no_table_queue_or_log_holds_code_or_address(
    sam, platform_client, outbox, redis_db, caplog, capfd, run_commit_hooks
):
    with caplog.at_level(logging.DEBUG):
        with run_commit_hooks():
            platform_client().post(SIGN_IN, {"email": sam.email})
        outbox.deliver_due()
    code = outbox.code(sam.email)

    logged = caplog.text + "".join(capfd.readouterr())
    stored = str([*StaffEmail.objects.values(), *Delivery.objects.values()])
    stored += str([session.get_decoded() for session in Session.objects.all()])
    queued = b"".join(redis_db.scan_iter()) + b"".join(redis_db.hvals("dramatiq:codes.msgs"))
    queued += b"".join(redis_db.get(key) for key in redis_db.scan_iter("staff-limit:*"))
    assert str(Delivery.objects.get().pk).encode() in queued
    assert code not in logged + stored
    assert sam.email not in logged
    assert code.encode() not in queued
    assert sam.email.encode() not in queued


def test_without_its_key_a_code_is_neither_sent_nor_accepted(sam, platform_client, outbox, settings):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    code = email_secrets.derive_code(StaffEmail.objects.get())
    settings.LOGIN_CODE_KEYS = {"new": b"n" * 32}

    outbox.deliver_due()
    browser.post(CODE, {"code": code})

    assert outbox.sent() == []
    assert browser.get("/console/acme/").status_code == 302


def test_of_several_concurrent_correct_codes_one_signs_in(committed_db, sam, platform_client):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    key, code = browser.cookies[settings.SESSION_COOKIE_NAME].value, email_secrets.derive_code(StaffEmail.objects.get())

    def submit_code(_press) -> None:
        copy = platform_client()
        copy.cookies[settings.SESSION_COOKIE_NAME] = key
        with closing(connection):
            copy.post(CODE, {"code": code})

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(submit_code, range(12)))
    assert sum("_auth_user_id" in session.get_decoded() for session in Session.objects.all()) == 1


def test_a_second_correct_code_is_rejected_even_with_a_slow_clock(sam, platform_client, now):
    first, second = platform_client(), platform_client()
    first.post(SIGN_IN, {"email": sam.email})
    second.cookies[settings.SESSION_COOKIE_NAME] = first.cookies[settings.SESSION_COOKIE_NAME].value
    session, code = Session.objects.get(), email_secrets.derive_code(StaffEmail.objects.get())

    with time_machine.travel(now + timedelta(seconds=5)):
        first.post(CODE, {"code": code})
    session.save(force_insert=True)
    with time_machine.travel(now + timedelta(seconds=4)):
        second.post(CODE, {"code": code})

    assert first.get("/console/acme/").status_code == 200
    assert second.get("/console/acme/").status_code == 302


def test_a_replaced_code_is_rejected_even_with_a_slow_clock(sam, platform_client, now):
    browser = platform_client()
    browser.post(SIGN_IN, {"email": sam.email})
    before, code = Session.objects.get().session_data, email_secrets.derive_code(StaffEmail.objects.get())

    with time_machine.travel(now + timedelta(seconds=5)):
        browser.post(CODE, {"action": "resend"})
    Session.objects.update(session_data=before)
    with time_machine.travel(now + timedelta(seconds=4)):
        browser.post(CODE, {"code": code})

    assert browser.get("/console/acme/").status_code == 302
