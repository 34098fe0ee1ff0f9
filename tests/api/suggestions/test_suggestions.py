"""Tests of suggestions in the business API."""

from uuid import uuid4

import pytest

from portal.clients.models import Contact, Suggestion, SuggestionKind, SuggestionResolution
from portal.clients.services import suggestions
from tenants.context import use_business
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggest(acme, ana, now):
    """Return a function that suggests something for Ana's card, as the contact form does."""

    def suggest(kind, value, *, client=ana, business=acme, **submitted):
        with use_business(business):
            suggestions.add_suggestion(
                client=client,
                kind=kind,
                value=value,
                submitted_data={"name": "Anna P.", "email": "", "phone": ""} | submitted,
                source="contact-form",
                subject_id=uuid4(),
                now=now,
            )
            return Suggestion.objects.get(kind=kind, value=value)

    return suggest


def test_an_open_suggestion_is_listed_and_shown(api_program, suggest, ana):
    suggestion = suggest(SuggestionKind.NAME, "Anna P.")
    program = api_program()
    [shown] = program.get("suggestions/").json()["items"]
    assert shown == {
        "id": str(suggestion.pk),
        "kind": "name",
        "client": {"id": str(ana.pk), "name": ana.name},
        "value": "Anna P.",
        "candidates": [],
        "submitted": {"name": "Anna P.", "email": "", "phone": ""},
        "source": "contact-form",
        "enquiry": str(suggestion.subject_id),
        "created_at": shown["created_at"],
        "resolution": "",
        "resolved_at": None,
    }
    assert program.get(f"suggestions/{suggestion.pk}/").json() == shown
    assert program.get(f"suggestions/?client={uuid4()}").json()["items"] == []
    assert program.get(f"suggestions/?client={ana.pk}").json()["items"] == [shown]


def test_a_name_is_on_the_card_once_it_was_accepted(api_program, suggest, ana, acme):
    suggestion, program = suggest(SuggestionKind.NAME, "Anna P."), api_program()
    answer = program.post(f"suggestions/{suggestion.pk}/acceptance/", {})
    assert (answer.status_code, answer.json()["resolution"]) == (200, SuggestionResolution.ACCEPTED)
    with use_business(acme):
        ana.refresh_from_db()
    assert ana.name == "Anna P."
    assert program.get("suggestions/").json()["items"] == []
    assert program.post(f"suggestions/{suggestion.pk}/dismissal/", None).json()["code"] == "conflict"
    assert program.post(f"suggestions/{suggestion.pk}/acceptance/", {}).json()["code"] == "conflict"


@pytest.mark.parametrize(("body", "may_sign_in"), [({}, False), ({"may_sign_in": True}, True)])
def test_an_accepted_address_can_be_used_to_sign_in_only_if_staff_say_so(api_program, suggest, acme, body, may_sign_in):
    suggestion = suggest(SuggestionKind.EMAIL, "anna@example.com")
    assert api_program().post(f"suggestions/{suggestion.pk}/acceptance/", body).status_code == 200
    with use_business(acme):
        assert Contact.objects.get(value="anna@example.com").may_sign_in is may_sign_in


def test_a_dismissed_suggestion_leaves_the_card_as_it_was(api_program, suggest, ana, acme):
    suggestion = suggest(SuggestionKind.NAME, "Anna P.")
    answer = api_program().post(f"suggestions/{suggestion.pk}/dismissal/", None)
    assert (answer.status_code, answer.json()["resolution"]) == (200, SuggestionResolution.DISMISSED)
    with use_business(acme):
        assert type(ana).objects.get(pk=ana.pk).name == ana.name


def test_what_several_clients_match_is_not_accepted_but_names_them(api_program, suggest, ana):
    suggestion = suggest(SuggestionKind.AMBIGUOUS, "Anna", client=None, clients=[str(ana.pk), str(uuid4())])
    program = api_program()
    assert program.get(f"suggestions/{suggestion.pk}/").json()["candidates"] == [{"id": str(ana.pk), "name": ana.name}]
    assert program.post(f"suggestions/{suggestion.pk}/acceptance/", {}).json()["code"] == "conflict"


def test_another_business_s_suggestion_is_not_found(api_program, suggest, globex):
    suggestion = suggest(SuggestionKind.AMBIGUOUS, "Anna", client=None, business=globex)
    program, path = api_program(), f"suggestions/{suggestion.pk}/"
    for answer in (
        program.get(path),
        program.post(f"{path}acceptance/", {}),
        program.post(f"{path}dismissal/", None),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_deciding_needs_the_scope_that_changes_clients(api_program, suggest):
    suggestion, program = suggest(SuggestionKind.NAME, "Anna P."), api_program(["clients:read"])
    assert program.get("suggestions/").status_code == 200
    assert program.post(f"suggestions/{suggestion.pk}/acceptance/", {}).json()["code"] == "forbidden"
    assert program.post(f"suggestions/{suggestion.pk}/dismissal/", None).json()["code"] == "forbidden"


def test_suggestions_take_few_statements(api_program, suggest, ana):
    suggestion = suggest(SuggestionKind.NAME, "Anna P.")
    for number in range(3):
        suggest(SuggestionKind.AMBIGUOUS, f"Anna {number}", client=None, clients=[str(ana.pk)])
    program = api_program()
    program.get("suggestions/")
    with capture_statements() as reading:
        assert program.get("suggestions/").status_code == 200
    assert len(reading.queries) <= 6, reading.queries
    with capture_statements() as writing:
        assert program.post(f"suggestions/{suggestion.pk}/dismissal/", None).status_code == 200
    assert len(writing.queries) <= 8, writing.queries
