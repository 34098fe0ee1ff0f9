"""Tests of the client list in the business API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.context import use_business
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def thirty_clients(acme):
    """Thirty clients of Acme, in the order of their names."""
    with use_business(acme):
        return [
            factories.ClientFactory(name=f"Client {number:02}", search=f"client {number:02}") for number in range(30)
        ]


def test_every_client_is_on_one_page_of_the_list(api_program, thirty_clients):
    program, names, path = api_program(), [], "clients/?limit=7"
    while path:
        page = program.get(path).json()
        names += [client["name"] for client in page["items"]]
        path = page["next_cursor"] and f"clients/?limit=7&cursor={page['next_cursor']}"
    assert names == [client.name for client in thirty_clients]


def test_a_client_is_shown_with_addresses_and_tags(api_program, ana):
    [client] = api_program().get("clients/?search=ana").json()["items"]
    assert client["id"] == str(ana.pk)
    assert [(contact["kind"], contact["value"]) for contact in client["contacts"]] == [
        ("email", "ana@example.com"),
        ("phone", "+447700900101"),
    ]
    assert api_program().get(f"clients/{ana.pk}/").json() == client


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("limit=101", "limit", "max_value"),
        ("limit=x", "limit", "invalid"),
        ("page=2", "page", "unknown_field"),
        ("sort=rowid", "sort", "invalid_choice"),
        ("status=a&status=b", "status", "repeated"),
        ("tag=1", "tag[0]", "invalid"),
        ("source=%00", "source", "null_characters_not_allowed"),
    ],
)
def test_a_wrong_parameter_is_named(api_program, query, field, code):
    answer = api_program().get(f"clients/?{query}")
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize("cursor", ["x", "W10", "AAAA", "%00"])
def test_a_cursor_that_is_none_is_refused(api_program, cursor):
    assert api_program().get(f"clients/?cursor={cursor}").status_code in (400, 422)


def test_a_list_takes_six_statements_at_most(api_program, thirty_clients):
    program = api_program()
    program.get("clients/")
    with CaptureQueriesContext(connection) as statements:
        program.get("clients/")
    assert len(statements) <= 6, [statement["sql"][:100] for statement in statements]
