"""Tests of adding and changing clients through the business API."""

import pytest

from portal.access.models import ClientSession
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, CustomField, CustomFieldKind, Tag
from portal.messaging.models import Message
from tenants.context import use_business
from tests import factories

pytestmark = pytest.mark.django_db

NEW = {"name": "Bo Lind", "contacts": [{"value": "Bo@Example.com"}]}


@pytest.fixture
def size_field(acme):
    """A custom field of Acme with two options."""
    with use_business(acme):
        return CustomField.objects.create(name="Size", kind=CustomFieldKind.CHOICE, choices=["S", "L"])


def test_a_client_is_added_with_addresses_tags_and_custom_values(api_program, acme, size_field):
    program = api_program()
    with use_business(acme):
        Tag.objects.create(name="VIP")
    answer = program.post(
        "clients/",
        {
            "name": " Bo  Lind ",
            "language": "de",
            "time_zone": "Europe/Berlin",
            "contacts": [{"value": "Bo@Example.com", "label": "Work"}, {"value": "+44 7700 900123"}],
            "tags": [{"name": "vip"}, {"name": "New"}],
            "custom": {str(size_field.pk): "L"},
        },
    )
    assert answer.status_code == 201, answer.content
    client = answer.json()
    assert answer["Location"] == f"/api/v1/business/clients/{client['id']}/"
    assert (client["name"], client["language"], client["time_zone"]) == ("Bo Lind", "de", "Europe/Berlin")
    assert [(each["value"], each["label"], each["source"]) for each in client["contacts"]] == [
        ("bo@example.com", "Work", "staff"),
        ("+447700900123", "", "staff"),
    ]
    assert [tag["name"] for tag in client["tags"]] == ["New", "VIP"]
    assert client["custom"] == {str(size_field.pk): "L"}
    assert program.get(f"clients/{client['id']}/").json() == client
    with use_business(acme):
        entry = Entry.objects.get(event_type=ClientEvent.ADDED, client_id=client["id"])
        assert "(Sync)" in entry.actor_name


def test_an_address_of_another_client_is_a_problem_that_names_them(api_program, ana):
    program = api_program()
    body = {"name": "Ana’s son", "contacts": [{"value": "ana@example.com"}]}
    answer = program.post("clients/", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "client_exists")
    assert answer.json()["clients"] == [str(ana.pk)]
    assert program.post("clients/", body | {"add_anyway": True}).status_code == 201


def test_an_unconfirmed_address_of_a_form_is_no_client_who_exists(api_program, acme, ana):
    with use_business(acme):
        ana.contacts.update(confirmed_at=None)
    assert api_program().post("clients/", NEW | {"contacts": [{"value": "ana@example.com"}]}).status_code == 201


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"contacts": [{"value": "x@example.com"}]}, [("name", "required")]),
        ({"name": "Bo"}, [("contacts", "required")]),
        ({"name": "Bo", "contacts": []}, [("contacts", "empty")]),
        ({"name": "Bo", "contacts": [{"value": "bo"}]}, [("contacts[0].value", "invalid_address")]),
        (
            {"name": "Bo", "contacts": [{"value": "bo@example.com"}, {"value": "12"}, {"value": "BO@example.com"}]},
            [("contacts[1].value", "invalid_address"), ("contacts[2].value", "repeated")],
        ),
        (
            {"name": "Bo", "contacts": [{"value": "bo@example.com", "source": "form"}]},
            [("contacts[0].source", "unknown_field")],
        ),
        (NEW | {"contacts": [{}]}, [("contacts[0].value", "required")]),
        (NEW | {"contacts": "bo@example.com"}, [("contacts", "not_a_list")]),
        (NEW | {"status": "blocked"}, [("status", "read_only_field")]),
        (NEW | {"is_demo": True}, [("is_demo", "unknown_field")]),
        (NEW | {"language": "xx"}, [("language", "invalid_choice")]),
        (NEW | {"time_zone": "Mars/Base"}, [("time_zone", "invalid_choice")]),
        (NEW | {"tags": [{"name": ""}]}, [("tags[0].name", "blank")]),
        (NEW | {"custom": {"size": "L"}}, [("custom.size", "unknown_field")]),
        (NEW | {"custom": ["L"]}, [("custom", "not_a_dict")]),
        (NEW | {"name": "Bo\0"}, [("name", "null_characters_not_allowed")]),
    ],
)
def test_what_is_wrong_with_a_new_client_is_named(api_program, acme, body, errors):
    answer = api_program().post("clients/", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == errors
    with use_business(acme):
        assert not Client.objects.filter(name__startswith="Bo").exists()


def test_only_what_is_named_changes(api_program, acme, ana, size_field):
    with use_business(acme):
        other = CustomField.objects.create(name="Shoe", kind=CustomFieldKind.NUMBER)
    program, path = api_program(), f"clients/{ana.pk}/"
    program.patch(path, {"custom": {str(size_field.pk): "S", str(other.pk): 42.5}, "language": "de"})
    client = program.patch(path, {"name": "Ana B", "custom": {str(size_field.pk): None}}).json()
    assert (client["name"], client["language"]) == ("Ana B", "de")
    assert client["custom"] == {str(other.pk): 42.5}
    assert program.get("clients/?search=ana+b").json()["items"][0]["id"] == str(ana.pk)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (CustomFieldKind.YES_NO, "yes", "invalid"),
        (CustomFieldKind.YES_NO, 1, "invalid"),
        (CustomFieldKind.NUMBER, "1", "invalid"),
        (CustomFieldKind.NUMBER, True, "invalid"),
        (CustomFieldKind.NUMBER, 10**40, "max_length"),
        (CustomFieldKind.DATE, "31.13.2026", "invalid"),
        (CustomFieldKind.TEXT, 7, "invalid"),
        (CustomFieldKind.TEXT, ["a"], "invalid"),
        (CustomFieldKind.TEXT, "a" * 501, "max_length"),
        (CustomFieldKind.CHOICE, "M", "invalid_choice"),
    ],
)
def test_a_value_of_another_type_than_its_field_is_refused(api_program, acme, ana, kind, value, code):
    with use_business(acme):
        field = CustomField.objects.create(name="Field", kind=kind, choices=["S"] if kind == "choice" else [])
    answer = api_program().patch(f"clients/{ana.pk}/", {"custom": {str(field.pk): value}})
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(f"custom.{field.pk}", code)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (CustomFieldKind.YES_NO, False),
        (CustomFieldKind.NUMBER, 0),
        (CustomFieldKind.NUMBER, -1.25),
        (CustomFieldKind.NUMBER, 10**20),
        (CustomFieldKind.DATE, "2026-05-31"),
        (CustomFieldKind.TEXT, "Öl"),
        (CustomFieldKind.CHOICE, "S"),
    ],
)
def test_a_value_comes_back_as_it_was_sent(api_program, acme, ana, kind, value):
    with use_business(acme):
        field = CustomField.objects.create(name="Field", kind=kind, choices=["S"])
    program = api_program()
    program.patch(f"clients/{ana.pk}/", {"custom": {str(field.pk): value}})
    assert program.get(f"clients/{ana.pk}/").json()["custom"] == {str(field.pk): value}


def test_a_client_whom_somebody_else_changed_is_not_overwritten(api_program, ana):
    program, path = api_program(), f"clients/{ana.pk}/"
    seen = program.get(path)["ETag"]
    assert program.patch(path, {"name": "Ana B"}, **{"If-Match": seen}).status_code == 200
    answer = program.patch(path, {"name": "Ana C"}, **{"If-Match": seen})
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert program.get(path).json()["name"] == "Ana B"


@pytest.mark.parametrize(("action", "status"), [("archival", "archived"), ("block", "blocked")])
def test_a_client_is_kept_out_and_let_in_again(api_program, acme, ana, now, action, status):
    with use_business(acme):
        factories.ClientSessionFactory(client=ana)
    program = api_program()
    for _time in range(2):
        answer = program.post(f"clients/{ana.pk}/{action}/", None)
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    with use_business(acme):
        assert not ClientSession.objects.filter(client=ana, ended_at=None).exists()
        # Each of two addresses is told once, although the program asked twice.
        assert Message.objects.filter(client_id=ana.pk).count() == 2
    assert program.post(f"clients/{ana.pk}/restoration/", None).json()["status"] == "active"


def test_a_form_s_client_is_confirmed(api_program, acme, ana):
    with use_business(acme):
        Client.objects.filter(pk=ana.pk).update(source="contact-form", confirmed_at=None)
    assert api_program().post(f"clients/{ana.pk}/confirmation/", None).status_code == 200
    with use_business(acme):
        assert Client.objects.get(pk=ana.pk).is_confirmed


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"name": "X"}),
        ("POST", "archival/", None),
        ("POST", "block/", None),
        ("POST", "restoration/", None),
        ("POST", "confirmation/", None),
        ("GET", "export/", None),
        ("POST", "erasure/", None),
        ("GET", "contacts/", None),
        ("POST", "contacts/", {"value": "x@example.com"}),
        ("GET", "notes/", None),
        ("POST", "notes/", {"body": "x"}),
        ("GET", "tags/", None),
        ("POST", "tags/", {"name": "x"}),
        ("PUT", "tags/", {"items": []}),
    ],
)
def test_another_business_s_client_is_not_found(api_program, globex, method, path, body):
    with use_business(globex):
        stranger = Client.objects.create(name="Gus", created_at="2026-01-01T00:00Z")
    answer = api_program().send(method, f"clients/{stranger.pk}/{path}", body)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_demo_client_is_not_found(api_program, acme, ana):
    with use_business(acme):
        Client.objects.filter(pk=ana.pk).update(is_demo=True)
    assert api_program().get(f"clients/{ana.pk}/").status_code == 404
