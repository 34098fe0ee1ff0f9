"""Tests of a client's own data in the client API."""

from datetime import timedelta

import pytest
from django.conf import settings as configured

from portal.access.models import ClientSession
from portal.clients.models import Client, Contact
from tenants.context import use_business
from tests.api.portal.portal_programs import PortalProgram, start_portal_program
from tests.captured_statements import capture_statements
from tests.factories import ClientFactory
from tests.portal.access.sign_in_steps import ANA, MOBILE, make_wrong_code
from tests.portal.impersonation.impersonation_steps import follow_impersonation

pytestmark = pytest.mark.django_db

NEW = "ana@new.example"


@pytest.fixture
def program(acme, ana) -> PortalProgram:
    """Ana's program, signed in."""
    return start_portal_program(acme).sign_in()


def add_contact(program, identifier=NEW, path="me/contacts/challenges/"):
    """Ask for a code to a new address and answer it."""
    opened = program.post(path, {"identifier": identifier})
    assert opened.status_code == 201, opened.content
    challenge_id = opened.json()["id"]
    return program.post(f"{path}{challenge_id}/answers/", {"code": program.get_code(challenge_id)})


def list_values(program):
    """Return the addresses on the client's card."""
    return [contact["value"] for contact in program.get("me/contacts/").json()["items"]]


def test_a_client_reads_who_they_are_and_changes_language_and_time_zone(program, ana, acme):
    shown = program.get("me/")
    assert shown.json() == {"id": str(ana.pk), "name": "Ana Pereira", "language": "", "time_zone": ""}
    changed = program.send("PATCH", "me/", {"time_zone": "Europe/Lisbon"}, **{"If-Match": shown["ETag"]})
    assert changed.json() == shown.json() | {"time_zone": "Europe/Lisbon"}
    assert program.send("PATCH", "me/", {"language": "de"}, **{"If-Match": shown["ETag"]}).status_code == 412
    with use_business(acme):
        assert Client.objects.get().time_zone == "Europe/Lisbon"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"language": "xx"}, "language", "invalid_choice"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "invalid_choice"),
        ({"name": "Eve"}, "name", "read_only_field"),
        ({"status": "active"}, "status", "unknown_field"),
    ],
)
def test_a_wrong_detail_is_named(program, body, field, code):
    answer = program.send("PATCH", "me/", body)

    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_an_address_is_added_by_the_code_that_was_sent_to_it(program, outbox):
    added = add_contact(program)
    outbox.deliver_due()

    assert added.status_code == 201
    assert (added.json()["value"], added.json()["kind"]) == (NEW, "email")
    assert list_values(program) == [ANA, NEW, MOBILE]
    assert outbox.sent(ANA), "the owner of the card is told"


def test_an_address_replaces_another_one_and_the_session_goes_on_with_it(program, acme):
    other = start_portal_program(acme).sign_in(MOBILE)
    [old] = [contact for contact in program.get("me/contacts/").json()["items"] if contact["value"] == ANA]
    replaced = add_contact(program, path=f"me/contacts/{old['id']}/challenges/")

    assert replaced.status_code == 201
    assert list_values(program) == [NEW, MOBILE]
    assert other.get("me/").status_code == 401
    assert program.refresh().status_code == 201


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ("nonsense", "invalid_identifier"),
        (ANA, "already_on_file"),
        ("+447700900102", "other_kind"),
        ("+3246001234567890", "invalid_identifier"),
    ],
)
def test_an_address_that_can_t_replace_another_is_refused(program, identifier, code):
    [old] = [contact for contact in program.get("me/contacts/").json()["items"] if contact["value"] == ANA]
    answer = program.post(f"me/contacts/{old['id']}/challenges/", {"identifier": identifier})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code


def test_a_wrong_code_adds_nothing_and_counts(program):
    challenge_id = program.post("me/contacts/challenges/", {"identifier": NEW}).json()["id"]
    wrong = make_wrong_code(program.get_code(challenge_id))
    path = f"me/contacts/challenges/{challenge_id}/answers/"
    answers = [program.post(path, {"code": wrong}, **{"Idempotency-Key": "a"}) for _guess in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 5 + [409]
    assert NEW not in list_values(program)


def test_long_after_signing_in_a_change_needs_a_fresh_code(program, acme, now, time_machine):
    with use_business(acme):
        ClientSession.objects.update(authenticated_at=now - configured.REAUTH_LIFETIME - timedelta(seconds=1))
    refused = program.post("me/contacts/challenges/", {"identifier": NEW})
    assert (refused.status_code, refused.json()["code"]) == (403, "code_needed")

    challenge_id = program.post("me/reauthentication/challenges/", {}).json()["id"]
    path = f"me/reauthentication/challenges/{challenge_id}/answers/"
    assert program.post(path, {"code": program.get_code(challenge_id)}).status_code == 204
    assert add_contact(program).status_code == 201


def test_a_code_for_one_purpose_answers_no_other(program):
    sign_in = program.open_challenge()
    new = program.post("me/contacts/challenges/", {"identifier": NEW}).json()["id"]
    body = {"code": program.get_code(new)}

    assert program.post(f"me/reauthentication/challenges/{new}/answers/", body).json()["code"] == "challenge_closed"
    assert program.answer(new, body["code"]).json()["code"] == "challenge_closed"
    answer = program.post(f"me/contacts/challenges/{sign_in}/answers/", {"code": program.get_code(sign_in)})
    assert answer.json()["code"] == "challenge_closed"


def test_another_client_s_challenge_and_contact_are_not_found(program, acme, attacker_program):
    challenge_id = program.post("me/contacts/challenges/", {"identifier": NEW}).json()["id"]
    body = {"code": program.get_code(challenge_id)}
    stolen = attacker_program.post(f"me/contacts/challenges/{challenge_id}/answers/", body)
    with use_business(acme):
        contact = Contact.objects.get(value=ANA)
    taken = attacker_program.post(f"me/contacts/{contact.pk}/challenges/", {"identifier": NEW})

    assert stolen.json()["code"] == "challenge_closed"
    assert (taken.status_code, taken.json()["code"]) == (404, "not_found")
    assert list_values(attacker_program) == ["mallory@example.com"]


@pytest.fixture
def attacker_program(acme):
    """Mallory's program, signed in."""
    with use_business(acme):
        ClientFactory(name="Mallory", email="mallory@example.com")
    return start_portal_program(acme).sign_in("mallory@example.com")


@pytest.mark.parametrize("path", ["me/", "me/contacts/", "me/passkeys/", "me/sessions/", "messages/"])
def test_nobody_reads_anything_without_signing_in(acme, path):
    answer = start_portal_program(acme).get(path)

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("path", ["me/", "me/contacts/", "me/passkeys/", "me/sessions/", "messages/"])
def test_reading_takes_at_most_six_statements(committed_db, acme, ana, path):
    program = start_portal_program(acme).sign_in()
    program.get(path)
    with capture_statements() as captured:
        assert program.get(path).status_code == 200

    assert len(captured.sent) <= 6, captured.sent


def test_the_demo_client_gets_no_code(acme, staff_client):
    browser = follow_impersonation(staff_client("staff"), "/console/acme/portal/demo/", acme)
    answer = browser.post("/api/v1/me/reauthentication/challenges/", "{}", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
