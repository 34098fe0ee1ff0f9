"""Tests that every error below /api/ is a problem document."""

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client

from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import ApiKey, BusinessStatus, Membership, Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "nothing/", None, 404, "not_found"),
        ("GET", "tags/not-a-uuid/", None, 404, "not_found"),
        ("PUT", "tags/", {}, 405, "method_not_allowed"),
        ("OPTIONS", "tags/", None, 405, "method_not_allowed"),
        ("POST", "tags/", b"{", 400, "malformed_request"),
        ("POST", "tags/", b'{"name": "\xff"}', 400, "malformed_request"),
        ("POST", "tags/", b'{"name": "\\u0000"}', 422, "validation_failed"),
        ("POST", "tags/", b" " * 3_000_000, 413, "too_large"),
    ],
)
def test_an_error_is_a_problem_document(api_program, method, path, body, status, code):
    answer = api_program().send(method, path, body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["title"]
    assert problem["detail"]
    assert problem["type"].endswith(f"#{code}")
    assert answer["X-Request-Id"] == problem["request_id"]


def test_another_content_type_is_refused(api_program):
    answer = api_program().browser.post("/api/v1/business/tags/", {"name": "VIP"})
    assert answer.json()["code"] == "unauthenticated"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer pk_x", "Basic YTpi", "Bearer pk_" + "é" * 38])
def test_without_a_key_nobody_is_let_in(header):
    answer = Client(headers={"host": configured.PLATFORM_HOST}).get(
        "/api/v1/business/tags/", headers={"authorization": header}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_key_that_ended_is_answered_like_one_that_never_was(api_program, now):
    answers = []
    for change in (
        {"revoked_at": now},
        {"expires_at": now - timedelta(seconds=1)},
        {"membership": None},
        {"digest": b"x"},
    ):
        program = api_program()
        ApiKey.objects.filter(beginning=program.key[:9]).update(**change)
        answers.append(program.get("tags/"))
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "unauthenticated")}


def test_a_removed_member_s_key_works_no_longer(api_program):
    program = api_program()
    Membership.objects.filter(api_keys__beginning=program.key[:9]).delete()
    assert program.get("tags/").status_code == 401


def test_a_closed_business_s_keys_work_no_longer(api_program, acme):
    program = api_program()
    acme.status = BusinessStatus.CLOSED
    acme.save()
    assert program.get("tags/").status_code == 401


def test_a_key_and_its_maker_may_have_names_as_long_as_can_be(api_program, acme):
    program = api_program()
    Person.objects.update(name="P" * 120)
    ApiKey.objects.update(name="K" * 60)
    tag = program.post("tags/", {"name": "VIP"}).json()
    assert program.patch(f"tags/{tag['id']}/", {"name": "Gold"}).status_code == 200
    with use_business(acme):
        names = set(Entry.objects.filter(actor="staff").values_list("actor_name", flat=True))
    assert names == {f"{'P' * 97} ({'K' * 60})"}


def test_a_key_works_only_in_its_networks(api_program):
    program = api_program(allowed_networks=["192.0.2.0/24"])
    assert program.get("tags/").json()["code"] == "network_not_allowed"
    program.browser.defaults["REMOTE_ADDR"] = "192.0.2.9"
    assert program.get("tags/").status_code == 200


def test_a_suspended_business_may_be_read(api_program, acme):
    program = api_program()
    acme.status = BusinessStatus.SUSPENDED
    acme.save()
    assert program.get("tags/").status_code == 200
    assert program.post("tags/", {"name": "VIP"}).json()["code"] == "business_suspended"


def test_requests_beyond_the_limit_are_refused_and_counted_down(api_program, settings):
    settings.API_REQUESTS_PER_KEY = "2/minute"
    program = api_program()
    answers = [program.get("tags/") for _request in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit"].split(";")[1] for answer in answers[:2]] == ["r=1", "r=0"]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60


def test_a_business_s_limit_is_waited_for_and_not_its_key_s(api_program, settings):
    settings.API_REQUESTS_PER_KEY, settings.API_REQUESTS_PER_BUSINESS = "100/minute", "2/hour"
    answers = [api_program().get("tags/") for _key in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 60 < int(answers[2]["Retry-After"]) <= 3600


def test_a_network_may_try_only_so_many_keys(api_program, settings):
    settings.API_REQUESTS_PER_NETWORK = "2/minute"
    guesser, program = api_program(), api_program()
    guesser.key = "pk_guess"
    assert [guesser.get("tags/").status_code for _guess in range(3)] == [401, 401, 429]
    assert program.get("tags/").status_code == 200
