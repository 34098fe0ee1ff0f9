"""Tests of answers to questions about an earlier row of a bulk upsert."""

import pytest

from portal.clients.models import Client
from tenants.context import use_business
from tests.api.bulk_upserts.test_answers import ask, list_errors, read_results
from tests.api.bulk_upserts.test_bulk_upserts import finish
from tests.factories import ClientFactory

__all__ = ["ask", "finish", "read_results"]
pytestmark = pytest.mark.django_db

PHONE = "+447700900555"


def list_cards() -> dict[str, list[set[str]]]:
    """Return the addresses of the clients of each name."""
    cards: dict[str, list[set[str]]] = {}
    for client in Client.objects.order_by("created_at", "pk"):
        cards.setdefault(client.name, []).append(set(client.contacts.values_list("value", flat=True)))
    return cards


@pytest.fixture
def ask_about_hans(ask):
    """Return a function that has people of one name and number upserted, each with a mailbox of their own."""

    def ask_about_hans(*emails):
        program, path = ask(*({"name": "Hans Müller", "emails": [email], "phones": [PHONE]} for email in emails))
        first, *others = program.get(f"{path}results/").json()["items"]
        assert {other["errors"][0]["code"] for other in others} == {"same_name"}
        return program, path, first["client_id"]

    return ask_about_hans


@pytest.mark.parametrize("is_known", [False, True])
def test_somebody_else_of_one_name_and_number_gets_a_card(ask_about_hans, read_results, acme, is_known):
    with use_business(acme):
        if is_known:
            ClientFactory(name="Hans Müller", email="h1@example.com", mobile=PHONE)
    program, path, first = ask_about_hans("h1@example.com", "h2@example.com")
    body = {"answers": [{"row": 1, "decision": "separate"}]}
    [result] = read_results(program, program.post(f"{path}answers/", body))
    assert (result["status"], result["other_row"]) == ("created", None)
    assert result["client_id"] not in (None, first)
    with use_business(acme):
        cards = list_cards()["Hans Müller"]
        assert sorted(map(sorted, cards)) == [[PHONE, "h1@example.com"], [PHONE, "h2@example.com"]]
    assert list_errors(program.post(f"{path}answers/", body)) == [("answers[0].row", "outdated")]


def test_one_person_of_one_name_and_number_keeps_the_card(ask_about_hans, read_results, acme):
    program, path, first = ask_about_hans("h1@example.com", "h2@example.com")
    answer = program.post(f"{path}answers/", {"answers": [{"row": 1, "decision": "same"}]})
    [result] = read_results(program, answer)
    assert (result["status"], result["client_id"]) == ("updated", first)
    with use_business(acme):
        assert list_cards()["Hans Müller"] == [{"h1@example.com", "h2@example.com", PHONE}]


def test_of_three_people_of_one_name_each_answer_is_about_the_first(ask_about_hans, read_results, acme):
    program, path, first = ask_about_hans("h1@example.com", "h2@example.com", "h3@example.com")
    answers = [{"row": 1, "decision": "separate"}, {"row": 2, "decision": "same"}]
    results = read_results(program, program.post(f"{path}answers/", {"answers": answers}))
    assert [result["status"] for result in results] == ["created", "updated"]
    assert results[1]["client_id"] == first
    with use_business(acme):
        addresses = {str(client.pk): client.contacts.count() for client in Client.objects.filter(name="Hans Müller")}
    assert addresses == {first: 3, results[0]["client_id"]: 2}


def test_who_is_several_times_the_same_person_is_one_client(ask_about_hans, read_results, acme):
    program, path, _first = ask_about_hans("h1@example.com", "h2@example.com", "h3@example.com")
    answers = [{"row": row, "decision": "same"} for row in (1, 2)]
    results = read_results(program, program.post(f"{path}answers/", {"answers": answers}))
    assert [result["status"] for result in results] == ["updated", "duplicate"]
    with use_business(acme):
        assert list_cards()["Hans Müller"] == [{"h1@example.com", "h2@example.com", "h3@example.com", PHONE}]


def ask_about_shared_mailbox(ask, name, *emails):
    rows = [{"name": "Dee", "emails": ["dee@example.com"]}, {"name": name, "emails": [*emails, "dee@example.com"]}]
    program, path = ask(*rows)
    first, second = program.get(f"{path}results/").json()["items"]
    assert [(error["code"], second["other_row"]) for error in second["errors"]] == [("same_address", 0)]
    return program, path, first["client_id"]


def test_somebody_new_who_shares_a_mailbox_with_an_earlier_row_gets_a_card(ask, read_results, acme):
    program, path, _first = ask_about_shared_mailbox(ask, "Eve")
    answer = program.post(f"{path}answers/", {"answers": [{"row": 1, "decision": "separate"}]})
    [result] = read_results(program, answer)
    assert result["status"] == "created"
    with use_business(acme):
        cards = list_cards()
        assert (cards["Dee"], cards["Eve"]) == ([{"dee@example.com"}], [{"dee@example.com"}])


@pytest.mark.parametrize("is_shared_further", [False, True])
def test_the_person_of_an_earlier_row_keeps_the_card(ask, read_results, acme, is_shared_further):
    program, path, first = ask_about_shared_mailbox(ask, "Eve")
    with use_business(acme):
        if is_shared_further:
            ClientFactory(name="Fay", email="dee@example.com")
    answer = program.post(f"{path}answers/", {"answers": [{"row": 1, "decision": "same"}]})
    [result] = read_results(program, answer)
    assert (result["status"], result["client_id"]) == ("updated", first)
    with use_business(acme):
        assert Client.objects.get(pk=first).name == "Eve"


@pytest.mark.parametrize("decision", ["same", "separate"])
def test_a_client_who_shares_a_mailbox_with_an_earlier_row_keeps_the_card(ask, read_results, acme, decision):
    with use_business(acme):
        cy = ClientFactory(name="Cy", email="cy@example.com")
    program, path, _first = ask_about_shared_mailbox(ask, "Cy", "cy@example.com")
    answer = program.post(f"{path}answers/", {"answers": [{"row": 1, "decision": decision}]})
    [result] = read_results(program, answer)
    assert (result["status"], result["client_id"], result["other_row"]) == ("updated", str(cy.pk), None)
    with use_business(acme):
        assert list_cards()["Cy"] == [{"cy@example.com", "dee@example.com"}]


@pytest.mark.parametrize("decision", ["same", "separate"])
def test_a_client_without_the_addresses_of_the_row_gets_nothing_by_an_answer(ask, acme, decision):
    with use_business(acme):
        cy = ClientFactory(name="Cy", email="cy@example.com")
    program, path, _first = ask_about_shared_mailbox(ask, "Cy", "cy@example.com")
    with use_business(acme):
        cy.contacts.all().delete()
    answer = program.post(f"{path}answers/", {"answers": [{"row": 1, "decision": decision}]})
    assert list_errors(answer) == [("answers[0].row", "outdated")]
