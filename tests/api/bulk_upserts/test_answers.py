"""Tests of answers to the questions of a bulk upsert."""

from uuid import uuid4

import pytest

from portal.clients.models import Client, Contact, CustomField, CustomFieldKind, Upload
from portal.clients.uploads.models import UploadState
from tenants.context import use_business
from tests.api.bulk_upserts.test_bulk_upserts import finish
from tests.factories import ClientFactory

__all__ = ["finish"]
pytestmark = pytest.mark.django_db

ANA = "ana@example.com"


@pytest.fixture
def ask(api_program, finish):
    """Return a function that has rows upserted and returns the program and the address of the bulk upsert."""

    def ask(*rows, **options):
        program = api_program()
        answer = program.post("clients/bulk/", {"rows": rows, **options})
        finish()
        return program, answer["Location"].removeprefix("/api/v1/business/")

    return ask


@pytest.fixture
def read_results(finish):
    """Return a function that returns the results of a bulk upsert that has just begun."""

    def read_results(program, answer):
        assert answer.status_code == 202, answer.content
        finish()
        path = answer["Location"].removeprefix("/api/v1/business/")
        assert program.get(path).json()["state"] == "done"
        return program.get(f"{path}results/").json()["items"]

    return read_results


def list_errors(answer) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed"), answer.content
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


def test_a_row_becomes_the_client_it_is_said_to_be(ask, read_results, acme, ana):
    with use_business(acme):
        field = CustomField.objects.create(name="Size", kind=CustomFieldKind.NUMBER)
    values = {"language": "de", "tags": ["VIP"], "note": "Calls\nherself Annie.", "custom": {str(field.pk): 1.125}}
    program, path = ask({"name": "Annie P", "emails": [ANA], "phones": ["+447700900555"], **values})
    answer = program.post(f"{path}answers/", {"answers": [{"row": 0, "decision": "same"}]})
    [result] = read_results(program, answer)
    assert (result["row"], result["status"], result["client_id"]) == (0, "updated", str(ana.pk))
    with use_business(acme):
        card = Client.objects.get(pk=ana.pk)
        assert (card.name, card.language, card.custom) == ("Annie P", "de", {str(field.pk): 1.125})
        assert [tag.name for tag in card.tags.all()] == ["VIP"]
        assert [note.body for note in card.notes.all()] == ["Calls\nherself Annie."]
        assert card.contacts.filter(value="+447700900555").exists()


def test_a_row_becomes_a_client_of_its_own(ask, read_results, acme, ana):
    program, path = ask({"name": "Bo", "emails": [ANA]})
    body = {"answers": [{"row": 0, "decision": "separate"}]}
    [result] = read_results(program, program.post(f"{path}answers/", body))
    assert result["status"] == "created"
    with use_business(acme):
        assert set(Contact.objects.filter(value=ANA).values_list("client__name", flat=True)) == {ana.name, "Bo"}
    assert list_errors(program.post(f"{path}answers/", body)) == [("answers[0].row", "outdated")]


def test_of_several_clients_the_answer_says_which(ask, read_results, acme, ana):
    with use_business(acme):
        ben = ClientFactory(name="Ben", email=ANA)
        other = ClientFactory(name="Cy", email="cy@example.com")
    program, path = ask({"name": "Dee", "emails": [ANA]})
    for client_id in (None, str(other.pk), str(uuid4())):
        answer = program.post(f"{path}answers/", {"answers": [{"row": 0, "decision": "same", "client_id": client_id}]})
        assert list_errors(answer) == [("answers[0].client_id", "not_a_candidate")]
    body = {"answers": [{"row": 0, "decision": "same", "client_id": str(ben.pk)}]}
    [result] = read_results(program, program.post(f"{path}answers/", body))
    assert (result["status"], result["client_id"]) == ("updated", str(ben.pk))


def test_results_are_in_the_order_of_the_answers(ask, read_results, acme, ana):
    with use_business(acme):
        ClientFactory(name="Ben", email="ben@example.com")
    rows = [
        {"name": "Cy", "emails": ["cy@example.com"]},
        {"name": "Dee", "emails": [ANA]},
        {"name": "Eve", "emails": ["ben@example.com"]},
    ]
    program, path = ask(*rows)
    body = {"answers": [{"row": 2, "decision": "separate"}, {"row": 1, "decision": "same"}]}
    results = read_results(program, program.post(f"{path}answers/", body))
    assert [(result["row"], result["status"]) for result in results] == [(0, "created"), (1, "updated")]
    assert results[1]["client_id"] == str(ana.pk)
    statuses = [result["status"] for result in program.get(f"{path}results/").json()["items"]]
    assert statuses == ["created", "question", "question"]


def test_what_was_to_be_done_with_clients_on_the_list_still_is(ask, read_results, acme, ana):
    program, path = ask({"name": "Annie P", "emails": [ANA]}, on_match="fill")
    answer = program.post(f"{path}answers/", {"answers": [{"row": 0, "decision": "same"}]})
    assert [result["status"] for result in read_results(program, answer)] == ["unchanged"]
    with use_business(acme):
        assert Client.objects.get(pk=ana.pk).name == ana.name


def test_a_row_that_has_become_clear_otherwise_is_named(ask, acme, ana):
    program, path = ask({"name": "Bo", "emails": [ANA]})
    with use_business(acme):
        Contact.objects.filter(value=ANA).delete()
    answer = program.post(f"{path}answers/", {"answers": [{"row": 0, "decision": "same", "client_id": str(ana.pk)}]})
    assert list_errors(answer) == [("answers[0].row", "outdated")]
    with use_business(acme):
        assert Upload.objects.count() == 1
        assert not Client.objects.filter(name="Bo").exists()


def test_answers_for_rows_that_are_no_questions_are_refused_and_nothing_is_done(ask, acme, ana):
    program, path = ask(
        {"name": "Bo", "emails": [ANA]}, {"name": "Cy", "emails": ["cy@example.com"]}, {"name": "Dee", "emails": ["no"]}
    )
    answers = [{"row": row, "decision": "separate"} for row in (0, 1, 2, 3)]
    assert list_errors(program.post(f"{path}answers/", {"answers": answers})) == [
        (f"answers[{place}].row", "no_question") for place in (1, 2, 3)
    ]
    with use_business(acme):
        assert Upload.objects.count() == 1


@pytest.fixture
def namesake(acme, ana):
    """Another client of Ana's name who shares her mailbox."""
    with use_business(acme):
        return ClientFactory(name=ana.name, email=ANA)


def test_among_several_clients_of_its_name_the_answer_says_which_a_row_is(ask, read_results, acme, ana, namesake):
    with use_business(acme):
        stranger = ClientFactory(name=ana.name, email="cy@example.com")
    program, path = ask({"name": ana.name, "emails": [ANA], "phones": ["+447700900555"]})
    [question] = program.get(f"{path}results/").json()["items"]
    assert (question["status"], question["errors"][0]["code"]) == ("question", "several_cards")
    assert {(one["client_id"], one["name"], one["address"]) for one in question["candidates"]} == {
        (str(client.pk), ana.name, "a•••@example.com") for client in (ana, namesake)
    }

    for client_id in (None, str(stranger.pk), str(uuid4())):
        answer = program.post(f"{path}answers/", {"answers": [{"row": 0, "decision": "same", "client_id": client_id}]})
        assert list_errors(answer) == [("answers[0].client_id", "not_a_candidate")]
    body = {"answers": [{"row": 0, "decision": "same", "client_id": str(namesake.pk)}]}
    [result] = read_results(program, program.post(f"{path}answers/", body))

    assert (result["status"], result["client_id"]) == ("updated", str(namesake.pk))
    with use_business(acme):
        assert Contact.objects.get(value="+447700900555").client_id == namesake.pk


def test_ten_of_many_clients_are_listed_with_their_age_and_the_answer_names_any(ask, read_results, acme, ana):
    with use_business(acme):
        cards = [ana, *(ClientFactory(name=ana.name, email=ANA) for _card in range(11))]
    program, path = ask({"name": ana.name, "emails": [ANA]})
    [question] = program.get(f"{path}results/").json()["items"]
    assert (len(question["candidates"]), question["candidate_count"]) == (10, 12)
    created = {str(card.pk): card.created_at.isoformat().replace("+00:00", "Z") for card in cards}
    assert all(one["created_at"] == created.pop(one["client_id"]) for one in question["candidates"])

    body = {"answers": [{"row": 0, "decision": "same", "client_id": min(created)}]}
    [result] = read_results(program, program.post(f"{path}answers/", body))

    assert result["client_id"] == min(created)


def test_a_namesake_of_the_client_who_was_named_gets_nothing(ask, finish, acme, ana, namesake):
    program, path = ask({"name": ana.name, "emails": [ANA], "phones": ["+447700900555"]})
    body = {"answers": [{"row": 0, "decision": "same", "client_id": str(ana.pk)}]}
    answer = program.post(f"{path}answers/", body)
    with use_business(acme):
        ana.contacts.all().delete()
    finish()

    [result] = program.get(f"{answer['Location'].removeprefix('/api/v1/business/')}results/").json()["items"]
    assert (result["status"], result["candidate_count"]) == ("question", 1)
    with use_business(acme):
        assert [contact.value for contact in namesake.contacts.all()] == [ANA]


def test_a_row_that_is_none_of_several_clients_becomes_one_of_its_own(ask, read_results, acme, ana, namesake):
    program, path = ask({"name": ana.name, "emails": [ANA]})
    body = {"answers": [{"row": 0, "decision": "separate"}]}

    [result] = read_results(program, program.post(f"{path}answers/", body))

    assert result["status"] == "created"
    with use_business(acme):
        assert Client.objects.filter(name=ana.name).count() == 3


def test_a_row_without_a_name_is_one_of_several_clients_and_none_of_its_own(ask, read_results, ana, namesake):
    program, path = ask({"emails": [ANA], "phones": ["+447700900555"]})
    answer = program.post(f"{path}answers/", {"answers": [{"row": 0, "decision": "separate"}]})
    assert list_errors(answer) == [("answers[0].decision", "no_name")]
    body = {"answers": [{"row": 0, "decision": "same", "client_id": str(ana.pk)}]}

    [result] = read_results(program, program.post(f"{path}answers/", body))

    assert (result["status"], result["client_id"]) == ("updated", str(ana.pk))


def test_a_question_about_an_earlier_row_is_answered_though_its_name_is_on_several_cards(ask, read_results, acme, ana):
    with use_business(acme):
        ClientFactory(name="Cy Lind", mobile="+447700900555")
    rows = [{"name": "Bo Lind", "emails": ["bo@example.com"]}, {"name": "Cy Lind", "emails": ["bo@example.com"]}]
    program, path = ask(*rows)
    [created, question] = program.get(f"{path}results/").json()["items"]
    assert (question["errors"][0]["code"], question["other_row"]) == ("same_address", 0)
    with use_business(acme):
        for name in ("Cy Lind", "CY LIND"):
            ClientFactory(name=name, email="bo@example.com")
    body = {"answers": [{"row": 1, "decision": "same"}]}

    [result] = read_results(program, program.post(f"{path}answers/", body))

    assert (result["status"], result["client_id"]) == ("updated", created["client_id"])


@pytest.mark.parametrize(
    ("answers", "field", "code"),
    [
        ([], "answers", "empty"),
        (None, "answers", "null"),
        ([{"row": 0, "decision": "same"}] * 2, "answers[1].row", "repeated"),
        ([{"row": number, "decision": "same"} for number in range(1001)], "answers", "max_length"),
        ([{"row": 0}], "answers[0].decision", "required"),
        ([{"row": 0, "decision": ""}], "answers[0].decision", "invalid_choice"),
        ([{"row": -1, "decision": "same"}], "answers[0].row", "min_value"),
        ([{"row": 0, "decision": "same", "client_id": "Ana"}], "answers[0].client_id", "invalid"),
        ([{"row": 0, "decision": "same", "client": "x"}], "answers[0].client", "unknown_field"),
    ],
)
def test_what_is_wrong_with_answers_is_named(ask, ana, answers, field, code):
    program, path = ask({"name": "Bo", "emails": [ANA]})
    assert list_errors(program.post(f"{path}answers/", {"answers": answers})) == [(field, code)]


@pytest.mark.parametrize("state", [UploadState.CHECKING, UploadState.RUNNING, UploadState.UNDOING, UploadState.UNDONE])
def test_only_a_finished_bulk_upsert_is_answered(ask, acme, ana, state):
    program, path = ask({"name": "Bo", "emails": [ANA]})
    with use_business(acme):
        Upload.objects.update(state=state)
    answer = program.post(f"{path}answers/", {"answers": [{"row": 0, "decision": "separate"}]})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_answers_that_are_sent_again_are_given_once(ask, read_results, acme, ana):
    program, path = ask({"name": "Bo", "emails": [ANA]})
    body, key = {"answers": [{"row": 0, "decision": "separate"}]}, {"Idempotency-Key": "answers-1"}
    first, second = (program.post(f"{path}answers/", body, **key) for _time in range(2))
    assert first["Location"] == second["Location"]
    read_results(program, second)
    with use_business(acme):
        assert (Upload.objects.count(), Client.objects.filter(name="Bo").count()) == (2, 1)


def test_another_business_s_questions_are_not_found(ask, api_program, globex, ana):
    _program, path = ask({"name": "Bo", "emails": [ANA]})
    body = {"answers": [{"row": 0, "decision": "separate"}]}
    assert api_program(business=globex).post(f"{path}answers/", body).status_code == 404
    assert api_program(["clients:write"]).post(f"{path}answers/", body).json()["code"] == "forbidden"
