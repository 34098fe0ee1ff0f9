"""A code is the same in every attempt, is sent only while valid, and is stored nowhere."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import connection

from portal.access import sign_in_codes
from portal.access.kinds import AccessMessageKind
from portal.access.models import Challenge
from portal.messaging import services as messaging
from tenants.context import use_business
from tenants.models import Business, BusinessStatus, Channel, Delivery, DeliveryState, Queue
from tests.fakes.provider_faults import drop_connection, hang_after_request, respond_with
from workers.actors.delivery_jobs import deliver_now

ADDRESS = "ana.pereira@example.com"


@pytest.fixture
def code_delivery(acme, now, settings):
    """A pending delivery of a code to Ana, its challenge and the code."""
    with use_business(acme):
        challenge = Challenge.objects.create(
            browser_digest=bytes(32),
            identifier_digest=bytes(32),
            identifier_masked="a…@example.com",
            identifier_kind="email",
            address=ADDRESS,
            key_id=sign_in_codes.current_key_id(),
            channels=["email"],
            destinations=[ADDRESS],
            sent_at=[now],
            created_at=now,
            expires_at=now + settings.LOGIN_CHALLENGE_LIFETIME,
        )
        message = messaging.build_message(
            AccessMessageKind.SIGN_IN_CODE,
            channel=Channel.EMAIL,
            to=ADDRESS,
            subject_id=challenge.pk,
            data={"generation": 0},
            now=now,
        )
        messaging.enqueue_message(message, queue=Queue.CODES, deadline=now + settings.LOGIN_CODE_LIFETIME, now=now)
        return Delivery.objects.get(message_id=message.pk), challenge, sign_in_codes.derive_code(challenge, 0)


def test_every_provider_and_every_retry_carries_the_same_code(code_delivery, sendgrid, smtp, settings, now):
    settings.PROVIDER_CONNECT_TIMEOUT = settings.PROVIDER_READ_TIMEOUT = timedelta(seconds=0.3)
    delivery, _challenge, code = code_delivery
    sendgrid.script.set_faults(drop_connection())
    smtp.script.set_faults(drop_connection())

    for seconds in (0, 5):
        deliver_now(delivery.pk, clock=lambda seconds=seconds: now + timedelta(seconds=seconds))

    mailed = [mail["content"][0]["value"] for mail in sendgrid.mails]
    mailed += [mail.get_body(("plain",)).get_content() for mail in smtp.mails]
    assert len(mailed) == settings.DELIVERY_MAX_CALLS
    assert {re.search(r"\d{6}", text).group() for text in mailed} == {code}


@pytest.mark.parametrize("ended", ["closed_at", "verified_at"])
def test_a_code_of_a_closed_challenge_is_not_sent(code_delivery, acme, sendgrid, now, ended):
    delivery, challenge, _code = code_delivery
    with use_business(acme):
        Challenge.objects.filter(pk=challenge.pk).update(**{ended: now})

    deliver_now(delivery.pk)

    delivery.refresh_from_db()
    assert (sendgrid.requests, delivery.state, delivery.reason) == ([], DeliveryState.EXPIRED, "withdrawn")


def test_a_code_whose_key_was_retired_is_not_sent(code_delivery, sendgrid, settings):
    settings.LOGIN_CODE_KEYS = {"k2": bytes(32)}

    deliver_now(code_delivery[0].pk)

    assert sendgrid.requests == []


def test_a_suspended_business_sends_no_codes(code_delivery, acme, sendgrid):
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.SUSPENDED)

    deliver_now(code_delivery[0].pk)

    assert sendgrid.requests == []


@pytest.mark.parametrize(
    "fault",
    [respond_with(400), respond_with(500, ADDRESS), respond_with(202), hang_after_request(1), drop_connection()],
    ids=str,
)
def test_neither_code_nor_address_is_logged(code_delivery, sendgrid, smtp, caplog, settings, fault):
    settings.PROVIDER_CONNECT_TIMEOUT = settings.PROVIDER_READ_TIMEOUT = timedelta(seconds=0.3)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    delivery, _challenge, code = code_delivery
    for server in (sendgrid, smtp):
        server.script.set_faults(fault)

    deliver_now(delivery.pk)

    assert code not in caplog.text
    assert ADDRESS not in caplog.text


def test_no_table_holds_a_code(code_delivery, acme, sendgrid):
    delivery, _challenge, code = code_delivery

    deliver_now(delivery.pk)

    assert code in str(sendgrid.mails)
    with use_business(acme), connection.cursor() as cursor:
        cursor.execute("SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'")
        for schema, table in cursor.fetchall():
            if schema in ("public", acme.schema_name):
                cursor.execute(f'SELECT count(*) FROM "{schema}"."{table}" t WHERE t::text ~ %s', [rf"\m{code}\M"])
                assert cursor.fetchone() == (0,), f"{table} holds the code"
