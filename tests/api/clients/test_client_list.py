"""Tests of the client list in the business API."""

from collections import Counter
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.clients.models import Client, CustomField, CustomFieldKind
from portal.clients.services import update_search_text
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
        ("source=moon", "source", "invalid_choice"),
        ("custom=x:yes", "custom[0]", "unknown_field"),
        ("fields=id,rowid", "fields", "unknown_field"),
        ("fields=", "fields", "unknown_field"),
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


def test_a_list_has_only_the_fields_that_are_asked_for(api_program, ana):
    [client] = api_program().get("clients/?fields=name,id").json()["items"]
    assert client == {"id": str(ana.pk), "name": ana.name}


@pytest.mark.parametrize(
    ("kind", "stored", "matching", "others"),
    [
        (CustomFieldKind.YES_NO, True, "yes", "no"),
        (CustomFieldKind.CHOICE, "Gold: 1", "Gold: 1", "Silver"),
    ],
)
def test_clients_are_filtered_by_a_custom_field(api_program, acme, ana, kind, stored, matching, others):
    with use_business(acme):
        field = CustomField.objects.create(name="Field", kind=kind, choices=["Gold: 1", "Silver"])
        Client.objects.filter(pk=ana.pk).update(custom={str(field.pk): stored})
    found = [api_program().get(f"clients/?custom={field.pk}:{value}").json()["items"] for value in (matching, others)]
    assert [len(items) for items in found] == [1, 0]
    wrong = api_program().get(f"clients/?custom={field.pk}:puce").json()["errors"][0]
    assert (wrong["field"], wrong["code"]) == ("custom[0]", "invalid_choice")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Active", "Blocked"}),
        ("status=all", {"Active", "Blocked", "Archived"}),
        ("status=archived", {"Archived"}),
        ("can_sign_in=yes", {"Active"}),
        ("can_sign_in=no", {"Blocked"}),
        ("has_mobile=yes", set()),
        ("last_sign_in=never", {"Active"}),
        ("last_sign_in=week", {"Blocked"}),
        ("source=upload", {"Active"}),
        ("search=block", {"Blocked"}),
    ],
)
def test_clients_are_filtered_as_on_the_page(api_program, acme, now, query, names):
    with use_business(acme):
        for name, fields in {
            "Active": {"source": "upload"},
            "Blocked": {"signed_in_at": now},
            "Archived": {},
        }.items():
            client = factories.ClientFactory(
                name=name, status=name.lower(), email=f"{name}@example.com".lower(), **fields
            )
            update_search_text([client.pk])
    assert {client["name"] for client in api_program().get(f"clients/?{query}").json()["items"]} == names


@pytest.mark.parametrize("sort", ["added", "-added", "seen", "-seen", "name", "-name"])
def test_every_client_is_in_a_list_sorted_by_what_all_have_in_common(api_program, acme, now, sort):
    with use_business(acme):
        Client.objects.bulk_create(Client(name="Bo", search="bo", created_at=now) for _number in range(30))
    program, ids, cursor = api_program(), [], ""
    while cursor is not None:
        page = program.get(f"clients/?limit=7&fields=id&sort={sort}&cursor={cursor}").json()
        ids += [client["id"] for client in page["items"]]
        cursor = page["next_cursor"]
    assert len(ids) == len(set(ids)) == 30


def test_a_walk_through_a_changing_list_sees_each_client_once(api_program, acme, now):
    # An import gives all of its clients one created_at, so only their ids tell them apart.
    def add_clients(number):
        new = [Client(name="Bo", search="bo", created_at=now) for _number in range(number)]
        with use_business(acme):
            return [str(client.pk) for client in Client.objects.bulk_create(new)]

    kept, removed = add_clients(5000), add_clients(500)
    program, seen, cursor, pages, added = api_program(), Counter(), "", count(), []
    while cursor is not None:
        page = program.get(f"clients/?limit=50&fields=id&sort=added&cursor={cursor}").json()
        seen.update(client["id"] for client in page["items"])
        cursor = page["next_cursor"]
        if next(pages) % 4 == 0:
            added += add_clients(12)
            gone, removed = removed[:15], removed[15:]
            with use_business(acme):
                Client.objects.filter(pk__in=gone).delete()
    assert {seen[key] for key in kept} == {1}
    assert set(seen.values()) == {1}
    assert 0 < len(seen & Counter(added)) < len(added)


@pytest.mark.parametrize("fields", ["", "&fields=id,name"])
def test_a_list_of_notes_takes_six_statements_at_most(api_program, ana, fields):
    program, path = api_program(), f"clients/{ana.pk}/notes/?limit=100{fields}"
    for _number in range(10):
        program.post(f"clients/{ana.pk}/notes/", {"body": "Called."})
    with CaptureQueriesContext(connection) as statements:
        program.get(path)
    assert len(statements) <= 6, [statement["sql"][:100] for statement in statements]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "clients/{ana}/", {"name": "Ana B"}),
        ("POST", "clients/", {"name": "Bo", "contacts": [{"value": "bo@example.com"}]}),
        ("POST", "clients/{ana}/notes/", {"body": "Called."}),
        ("POST", "clients/{ana}/tags/", {"name": "VIP"}),
        ("PUT", "clients/{ana}/tags/", {"items": [{"name": "Old"}, {"name": "Known"}]}),
        ("POST", "clients/{ana}/restoration/", None),
        ("POST", "custom-fields/", {"name": "Size", "kind": "text"}),
    ],
)
def test_a_write_takes_eight_statements_at_most(api_program, ana, method, path, body):
    program = api_program()
    for name in ("Known", "Old"):
        program.post("tags/", {"name": name})
    program.post(f"clients/{ana.pk}/tags/", {"name": "Removed"})
    with CaptureQueriesContext(connection) as captured:
        assert program.send(method, path.format(ana=ana.pk), body).status_code in (200, 201)
    statements = [entry["sql"][:120] for entry in captured if "SAVEPOINT" not in entry["sql"]]
    assert len(statements) <= 8, statements
