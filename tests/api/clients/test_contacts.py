"""Tests of a client’s addresses in the business API."""

import pytest

from portal.clients.models import Contact
from portal.messaging.models import Message
from tenants.context import use_business

pytestmark = pytest.mark.django_db


@pytest.fixture
def email(acme, ana):
    """Ana’s email address."""
    with use_business(acme):
        return ana.contacts.get(kind="email")


def test_an_address_is_added_changed_and_removed(api_program, acme, ana):
    program, path = api_program(), f"clients/{ana.pk}/contacts/"
    added = program.post(path, {"value": "Ana@Work.example", "label": "Work"})
    assert added.status_code == 201, added.content
    contact = added.json()
    assert (contact["kind"], contact["value"], contact["label"]) == ("email", "ana@work.example", "Work")
    assert added["Location"].endswith(f"/contacts/{contact['id']}/")
    changed = program.patch(f"{path}{contact['id']}/", {"value": "ana@home.example"}).json()
    assert (changed["value"], changed["label"]) == ("ana@home.example", "Work")
    assert program.get(f"{path}{contact['id']}/").status_code == 404
    assert program.delete(f"{path}{changed['id']}/").status_code == 204
    assert [each["value"] for each in program.get(path).json()["items"]] == ["ana@example.com", "+447700900101"]


def test_all_addresses_are_told_of_a_new_one(api_program, acme, ana):
    api_program().post(f"clients/{ana.pk}/contacts/", {"value": "new@example.com"})
    with use_business(acme):
        told = set(Message.objects.filter(client_id=ana.pk).values_list("to", flat=True))
    assert told == {"ana@example.com", "+447700900101", "new@example.com"}


def test_nobody_is_told_of_a_label(api_program, acme, ana, email):
    answer = api_program().patch(
        f"clients/{ana.pk}/contacts/{email.pk}/", {"label": "Home", "value": "ANA@example.com"}
    )
    assert (answer.json()["label"], answer.json()["id"]) == ("Home", str(email.pk))
    with use_business(acme):
        assert not Message.objects.filter(client_id=ana.pk).exists()


def test_signing_in_with_an_address_is_forbidden_and_allowed(api_program, acme, ana, email):
    program, path = api_program(), f"clients/{ana.pk}/contacts/{email.pk}/"
    assert program.patch(path, {"may_sign_in": False}).json()["may_sign_in"] is False
    answer = program.patch(path, {"is_main": True})
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [
        ("is_main", "sign_in_not_allowed")
    ]
    assert program.patch(path, {"may_sign_in": True, "is_main": True}).json()["is_main"] is True


def test_one_address_of_a_kind_is_the_main_one(api_program, acme, ana, email):
    program, path = api_program(), f"clients/{ana.pk}/contacts/"
    other = program.post(path, {"value": "other@example.com"}).json()["id"]
    for contact_id in (email.pk, other):
        assert program.patch(f"{path}{contact_id}/", {"is_main": True}).status_code == 200
    with use_business(acme):
        assert [each.value for each in Contact.objects.filter(client=ana, is_main=True)] == ["other@example.com"]
    assert program.patch(f"{path}{other}/", {"is_main": False}).json()["is_main"] is False


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"value": "x"}, "value", "invalid_address"),
        ({"value": "+447700900101"}, "value", "other_kind"),
        ({"value": "second@example.com"}, "value", "already_on_file"),
        ({"kind": "phone"}, "kind", "read_only_field"),
        ({"confirmed_at": None}, "confirmed_at", "read_only_field"),
        ({"label": "x" * 41}, "label", "max_length"),
    ],
)
def test_what_is_wrong_with_an_address_is_named(api_program, ana, email, body, field, code):
    program, path = api_program(), f"clients/{ana.pk}/contacts/"
    program.post(path, {"value": "second@example.com"})
    answer = program.patch(f"{path}{email.pk}/", body)
    assert answer.status_code == 422, answer.content
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_an_address_of_a_form_is_confirmed(api_program, acme, ana, email):
    with use_business(acme):
        Contact.objects.filter(pk=email.pk).update(confirmed_at=None)
    answer = api_program().post(f"clients/{ana.pk}/contacts/{email.pk}/confirmation/", None)
    assert answer.json()["confirmed_at"]


def test_an_address_of_another_client_is_not_found(api_program, acme, ana, email):
    program = api_program()
    other = program.post("clients/", {"name": "Bo", "contacts": [{"value": "bo@example.com"}]}).json()["id"]
    path = f"clients/{other}/contacts/{email.pk}/"
    for answer in (program.get(path), program.patch(path, {"label": "x"}), program.delete(path)):
        assert answer.status_code == 404
