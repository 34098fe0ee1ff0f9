"""Tests of text messages in the business API."""

from uuid import uuid4

import pytest
from django.conf import settings

from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import SmsStop, SmsStopReason
from tests.attacks.sms_steps import send_sms, send_used_sms
from tests.portal.signin_support.test_text_messages import create_stop

__all__ = ["create_stop"]
pytestmark = pytest.mark.django_db


def test_it_says_what_was_sent_and_what_it_cost(api_program, acme, globex, now):
    send_sms(acme, "+4915112340000", now=now)
    send_used_sms(acme, "+4915112360000", now=now)
    send_sms(globex, "+12125550123", now=now)
    shown = api_program().get("text-messages/usage/").json()
    assert (shown["texts"], shown["codes"], shown["used_codes"]) == (2, 2, 1)
    assert shown["cost"] == {"amount": 24, "currency": "USD"}
    assert shown["budget"] == {"amount": settings.SMS_BUDGET, "currency": "USD"}
    assert shown["texts_per_day"] == settings.SMS_PER_DAY


def test_a_stop_is_shown_and_lifted(api_program, acme, create_stop):
    stop, program = create_stop(sampled=20, used=1), api_program()
    [shown] = program.get("text-messages/stops/").json()["items"]
    assert (shown["id"], shown["reason"], shown["is_liftable"]) == (str(stop.pk), "few-codes-used", True)
    assert "1 of the last 20" in shown["explanation"]
    for _time in range(2):
        assert program.post(f"text-messages/stops/{stop.pk}/lifting/", None).status_code == 204
    assert program.get("text-messages/stops/").json() == {"items": []}
    with use_business(acme):
        assert "(Sync)" in Entry.objects.get(event_type="support.texts-resumed", subject_id=stop.pk).actor_name


def test_the_stop_of_a_limit_can_t_be_lifted(api_program, create_stop):
    stop = create_stop(reason=SmsStopReason.DAY)
    answer = api_program().post(f"text-messages/stops/{stop.pk}/lifting/", None)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert SmsStop.objects.get().lifted_at is None


def test_another_business_s_stop_is_neither_shown_nor_lifted(api_program, globex, create_stop):
    stop, program = create_stop(business=globex), api_program()
    assert program.get("text-messages/stops/").json() == {"items": []}
    for key in (stop.pk, uuid4()):
        assert program.post(f"text-messages/stops/{key}/lifting/", None).status_code == 404
    assert SmsStop.objects.get().lifted_at is None


def test_lifting_a_stop_needs_the_permission_to_edit_the_portal(api_program, create_stop):
    stop, program = create_stop(), api_program(["sign-in-help:read", "sign-in-help:send"])
    assert len(program.get("text-messages/stops/").json()["items"]) == 1
    assert program.post(f"text-messages/stops/{stop.pk}/lifting/", None).json()["code"] == "forbidden"
    assert SmsStop.objects.get().lifted_at is None
