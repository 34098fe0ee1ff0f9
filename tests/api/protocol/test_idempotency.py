"""Tests of idempotency keys: done once, answered alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from portal.clients.models import Tag
from portal.integrations.models import IdempotentRequest
from tenants.context import use_business
from tests.api.portal.portal_programs import start_portal_program
from tests.portal.access.sign_in_steps import ANA


@pytest.mark.django_db
def test_a_request_sent_again_is_answered_alike_and_done_once(api_program, acme):
    program, key = api_program(), {"Idempotency-Key": "a"}
    first, second = (program.post("tags/", {"name": "VIP"}, **key) for _attempt in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, first.json())
    assert second["Idempotency-Replayed"] == "true"
    with use_business(acme):
        assert Tag.objects.count() == 1


@pytest.mark.django_db
def test_a_request_whose_answer_was_erased_is_not_done_again(api_program, acme):
    program, key = api_program(), {"Idempotency-Key": "a"}
    program.post("tags/", {"name": "VIP"}, **key)
    with use_business(acme):
        IdempotentRequest.objects.update(body="", headers={}, is_cleared=True)
    answer = program.post("tags/", {"name": "VIP"}, **key)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.django_db
def test_a_look_up_is_neither_kept_nor_repeated(api_program, acme, ana):
    program, key = api_program(), {"Idempotency-Key": "a"}
    answers = [program.post("sign-in-help/lookups/", {"typed": "ana@example.com"}, **key) for _attempt in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert not any("Idempotency-Replayed" in answer for answer in answers)
    with use_business(acme):
        assert not IdempotentRequest.objects.exists()


@pytest.mark.django_db
def test_a_sign_in_is_neither_kept_nor_repeated(acme, ana):
    program, key = start_portal_program(acme), {"Idempotency-Key": "a"}
    answers = [program.post("sign-in/challenges/", {"identifier": ANA}, **key) for _attempt in range(2)]
    assert answers[0].json()["id"] != answers[1].json()["id"]
    with use_business(acme):
        assert not IdempotentRequest.objects.exists()


@pytest.mark.django_db
def test_a_key_used_for_another_body_is_refused(api_program):
    program, key = api_program(), {"Idempotency-Key": "a"}
    program.post("tags/", {"name": "VIP"}, **key)
    answer = program.post("tags/", {"name": "Gold"}, **key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_another_program_s_key_of_the_same_name_is_another(api_program):
    key = {"Idempotency-Key": "a"}
    answers = [api_program().post("tags/", {"name": name}, **key) for name in ("VIP", "Gold")]
    assert [answer.status_code for answer in answers] == [201, 201]


@pytest.mark.django_db
def test_what_was_refused_may_be_tried_again(api_program, acme):
    program, key = api_program(), {"Idempotency-Key": "a"}
    with use_business(acme):
        tag = Tag.objects.create(name="VIP")
    assert program.post("tags/", {"name": "VIP"}, **key).status_code == 422
    with use_business(acme):
        tag.delete()
    assert program.post("tags/", {"name": "VIP"}, **key).status_code == 201


def test_parallel_requests_with_one_key_are_done_once(committed_db, api_program, acme):
    program = api_program()

    def send(_attempt):
        try:
            return program.post("tags/", {"name": "VIP"}, **{"Idempotency-Key": "a"}).json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(send, range(8)))
    assert len(set(ids)) == 1
    with use_business(acme):
        assert (Tag.objects.count(), IdempotentRequest.objects.count()) == (1, 1)
