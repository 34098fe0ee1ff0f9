"""Tests of idempotency keys: done once, answered alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from portal.clients.models import Tag
from portal.integrations.models import IdempotentRequest
from tenants.context import use_business


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
