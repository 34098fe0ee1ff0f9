"""Tests of sign-in help in the business API."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from portal.access.kinds import AccessEvent
from portal.access.models import Challenge
from portal.activity.services import record_event
from portal.clients.models import ClientStatus
from portal.messaging.models import Message, Suppression
from tenants.context import use_business
from tenants.models import Business
from tests import factories
from tests.captured_statements import capture_statements
from tests.portal.access.sign_in_steps import ANA
from tests.portal.signin_support.conftest import make_older, signing_in_client

__all__ = ["make_older", "signing_in_client"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def look_up(api_program):
    """Return a function that looks up what a client typed."""

    def look_up(typed):
        answer = api_program().post("sign-in-help/lookups/", {"typed": typed})
        assert answer.status_code == 200, answer.content
        return answer.json()

    return look_up


def test_an_address_of_a_client_is_found_and_can_be_used(look_up, ana):
    result = look_up(" ANA@example.com")
    [match] = result["exact"]
    assert (result["outcome"], match["client"]["id"]) == ("eligible", str(ana.pk))
    assert (match["address"]["value"], match["address"]["eligibility"]) == (ANA, "eligible")
    assert result["title"]
    assert result["next_step"]


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [("nobody@nowhere.example", "unknown"), ("anna@example.com", "similar"), ("???", "unreadable")],
)
def test_what_nobody_has_is_told_apart(look_up, ana, typed, outcome):
    assert look_up(typed)["outcome"] == outcome


def test_a_blocked_client_and_a_shared_address_are_told_apart(look_up, acme, ana):
    with use_business(acme):
        factories.ClientFactory(name="Bo", email=ANA)
    assert look_up(ANA)["outcome"] == "shared"
    with use_business(acme):
        type(ana).objects.update(status=ClientStatus.BLOCKED)
    assert look_up(ANA)["outcome"] == "blocked"


def test_attempts_with_an_unknown_address_are_shown(look_up, signing_in_client):
    signing_in_client.request_code("anne@example.com")
    [attempt] = look_up("anne@example.com")["attempts"]
    assert attempt["state"] == "in_progress"
    assert "anne@example.com" not in str(attempt["steps"][1:])


def test_a_suspended_business_can_look_up_clients_and_sends_them_nothing(api_program, acme, ana):
    program = api_program()
    Business.objects.filter(pk=acme.pk).update(status="suspended")
    assert program.post("sign-in-help/lookups/", {"typed": ANA}).status_code == 200
    sending = program.post(f"sign-in-help/clients/{ana.pk}/attempt-links/", {"contact": str(uuid4())})
    assert sending.json()["code"] == "business_suspended"


def test_a_client_s_attempt_is_shown_step_by_step_without_its_code(api_program, signing_in_client, ana, outbox):
    challenge = signing_in_client.request_code()
    answer = api_program().get(f"sign-in-help/clients/{ana.pk}/")
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    [attempt] = shown["attempts"]
    assert (attempt["id"], attempt["state"], attempt["channel"]) == (str(challenge.pk), "in_progress", "email")
    assert len(attempt["steps"]) >= 2
    assert shown["diagnosis"]["next_step"]
    assert shown["may_sign_in"]
    code = outbox.codes[-1] if hasattr(outbox, "codes") else None
    assert not re.search(r"\b\d{6}\b", " ".join(step["title"] + step["detail"] for step in attempt["steps"]))
    assert code is None or code not in answer.content.decode()


def test_an_address_that_a_provider_refuses_is_shown_and_freed(api_program, acme, ana, now):
    with use_business(acme):
        suppression = Suppression.objects.create(
            value=ANA, channel="email", provider="demo", reason="bounced", since=now
        )
    program, path = api_program(), f"sign-in-help/clients/{ana.pk}/"
    [shown] = [one["suppression"] for one in program.get(path).json()["addresses"] if one["suppression"]]
    assert (shown["id"], shown["reason"], shown["blocks_codes"]) == (str(suppression.pk), "bounced", True)
    assert program.post(f"{path}suppressions/{suppression.pk}/removal/", None).status_code == 202
    with use_business(acme):
        suppression.refresh_from_db()
    assert suppression.removal_requested_at
    assert program.post(f"{path}suppressions/{uuid4()}/removal/", None).status_code == 404


def test_another_code_is_sent_within_the_limits_of_the_page(api_program, acme, ana, signing_in_client, make_older):
    challenge = signing_in_client.request_code()
    program, path = api_program(), f"sign-in-help/clients/{ana.pk}/attempts/{challenge.pk}/codes/"
    refused = program.post(path, {"channel": "email"})
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused["Retry-After"]) >= 1
    make_older(timedelta(minutes=2))
    answer = program.post(path, {"channel": "email"})
    assert answer.status_code == 201, answer.content
    assert set(answer.json()) == {"channel", "sends_left", "expires_at"}
    with use_business(acme):
        assert Message.objects.filter(client=ana, kind="sign-in-code").count() == 2


def test_a_code_is_sent_for_an_attempt_in_progress_only(api_program, acme, ana, signing_in_client, now):
    challenge = signing_in_client.request_code()
    with use_business(acme):
        Challenge.objects.update(closed_at=now)
    path = f"sign-in-help/clients/{ana.pk}/attempts/{challenge.pk}/codes/"
    assert api_program().post(path, {"channel": "email"}).json()["code"] == "conflict"


def test_a_code_is_sent_for_nobody_else_s_attempt(api_program, acme, ana, signing_in_client):
    challenge = signing_in_client.request_code()
    with use_business(acme):
        other = factories.ClientFactory(name="Bo", email="bo@example.com")
    path = f"sign-in-help/clients/{other.pk}/attempts/{challenge.pk}/codes/"
    assert api_program().post(path, {"channel": "email"}).json()["code"] == "not_found"


def test_a_link_lets_a_client_begin_with_an_address_of_theirs_only(api_program, acme, ana, portal_client):
    with use_business(acme):
        contact = ana.contacts.get(value=ANA)
        stranger = factories.ClientFactory(name="Bo", email="bo@example.com").contacts.get()
    program, path = api_program(), f"sign-in-help/clients/{ana.pk}/attempt-links/"
    answer = program.post(path, {"contact": str(contact.pk)})
    assert answer.status_code == 201, answer.content
    assert "/sign-in/start/?link=" in answer.json()["url"]
    page = portal_client(acme).get("/sign-in/start/?" + answer.json()["url"].partition("?")[2])
    assert page.status_code == 200
    [error] = program.post(path, {"contact": str(stranger.pk)}).json()["errors"]
    assert (error["field"], error["code"]) == ("contact", "not_eligible")


def test_another_business_s_client_is_not_found(api_program, globex, now):
    with use_business(globex):
        other = factories.ClientFactory(id=uuid4(), name="Gil", email="gil@example.com")
        found = Suppression.objects.create(value="gil@example.com", channel="email", reason="bounced", since=now)
    program, path = api_program(), f"sign-in-help/clients/{other.pk}/"
    for answer in (
        program.get(path),
        program.post(f"{path}attempt-links/", {"contact": str(uuid4())}),
        program.post(f"{path}attempts/{uuid4()}/codes/", {"channel": "email"}),
        program.post(f"{path}suppressions/{found.pk}/removal/", None),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert program.post("sign-in-help/lookups/", {"typed": "gil@example.com"}).json()["exact"] == []


def test_helping_needs_the_scope_to_send(api_program, ana, signing_in_client):
    challenge, path = signing_in_client.request_code(), f"sign-in-help/clients/{ana.pk}/"
    program = api_program(["sign-in-help:read"])
    assert program.get(path).status_code == 200
    assert program.post("sign-in-help/lookups/", {"typed": ANA}).status_code == 200
    for sub_path, body in (
        (f"attempts/{challenge.pk}/codes/", {"channel": "email"}),
        ("attempt-links/", {"contact": str(uuid4())}),
        (f"suppressions/{uuid4()}/removal/", None),
    ):
        assert program.post(f"{path}{sub_path}", body).json()["code"] == "forbidden"
    assert api_program(["clients:read"]).get(path).json()["code"] == "forbidden"


def test_diagnostics_take_few_statements(api_program, ana, signing_in_client):
    signing_in_client.request_code()
    program, path = api_program(), f"sign-in-help/clients/{ana.pk}/"
    program.get(path)
    with capture_statements() as reading:
        assert program.get(path).status_code == 200
    assert len(reading.queries) <= 8, reading.queries


def test_clients_who_failed_to_sign_in_are_listed_until_they_have(api_program, acme, ana, now):
    program, path = api_program(["sign-in-help:read"]), "sign-in-help/recent-failures/"
    assert program.get(path).json() == {"items": []}
    with use_business(acme):
        failed = record_event(AccessEvent.CHALLENGE_LOCKED, client=ana, at=now - timedelta(minutes=5))
    [failure] = program.get(path).json()["items"]
    assert failure["client"] == {"id": str(ana.pk), "name": ana.name}
    assert failure["description"]
    assert datetime.fromisoformat(failure["at"]) == failed.at
    with use_business(acme):
        type(ana).objects.update(signed_in_at=now)
    assert program.get(path).json() == {"items": []}
