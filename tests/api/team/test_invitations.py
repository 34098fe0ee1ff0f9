"""Tests of invitations to the team in the business API."""

import pytest

from tenants.models import Invitation, StaffEmail
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_invitation_is_sent_listed_resent_and_withdrawn(api_program):
    program = api_program()
    answer = program.post("team/invitations/", {"email": "lea@example.com", "role": "staff"})
    assert answer.status_code == 201, answer.content
    invitation = answer.json()
    assert (invitation["email"], invitation["role"], invitation["areas"]) == ("lea@example.com", "staff", [])
    assert program.get("team/invitations/").json() == {"items": [invitation], "next_cursor": None}
    path = f"team/invitations/{invitation['id']}/"
    assert program.get(path).json() == invitation
    assert StaffEmail.objects.filter(invitation=invitation["id"]).count() == 1
    assert program.post(f"{path}reminder/", None).status_code == 200
    assert StaffEmail.objects.filter(invitation=invitation["id"]).count() == 2
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404
    assert program.delete(path).status_code == 404


def test_no_link_or_token_is_in_an_answer(api_program):
    shown = api_program().post("team/invitations/", {"email": "lea@example.com", "role": "staff"}).json()
    assert set(shown) == {"id", "email", "role", "areas", "invited_by", "sent_at", "expires_at"}


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"role": "staff"}, "email", "required"),
        ({"email": "lea", "role": "staff"}, "email", "invalid"),
        ({"email": "lea@example.com"}, "role", "required"),
        ({"email": "lea@example.com", "role": "operator"}, "role", "invalid_choice"),
        ({"email": "lea@example.com", "role": "staff", "areas": ["nowhere"]}, "areas", "invalid_choice"),
        ({"email": "lea@example.com", "role": "staff", "sends": 0}, "sends", "unknown_field"),
    ],
)
def test_a_wrong_field_is_named(api_program, body, field, code):
    answer = api_program().post("team/invitations/", body)
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert not Invitation.objects.exists()


def test_somebody_on_the_team_or_invited_already_is_not_invited_again(api_program, acme):
    lea, program = factories.create_member(acme, "staff"), api_program()
    [error] = program.post("team/invitations/", {"email": lea.person.email, "role": "staff"}).json()["errors"]
    assert (error["field"], error["code"]) == ("email", "not_invitable")
    assert program.post("team/invitations/", {"email": "new@example.com", "role": "staff"}).status_code == 201
    assert program.post("team/invitations/", {"email": "New@example.com", "role": "staff"}).status_code == 422


def test_an_address_is_mailed_so_often_a_day_and_not_more(api_program):
    program = api_program()
    invitation = program.post("team/invitations/", {"email": "lea@example.com", "role": "staff"}).json()
    answers = [program.post(f"team/invitations/{invitation['id']}/reminder/", None) for _mail in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [409]


def test_a_manager_s_key_invites_no_owner(api_program):
    program = api_program(["team:manage"], role="manager")
    assert program.post("team/invitations/", {"email": "x@example.com", "role": "owner"}).json()["code"] == "forbidden"
    assert not Invitation.objects.exists()


def test_inviting_needs_the_team_s_scope_and_a_manager(api_program):
    body = {"email": "x@example.com", "role": "read-only"}
    for program in (api_program(["team:read"]), api_program(["team:read", "team:manage"], role="staff")):
        assert program.get("team/invitations/").status_code == 200
        assert program.post("team/invitations/", body).json()["code"] == "forbidden"


def test_another_business_s_invitation_is_not_found(api_program, globex):
    other = api_program(business=globex).post("team/invitations/", {"email": "x@example.com", "role": "staff"}).json()
    program, path = api_program(), f"team/invitations/{other['id']}/"
    for answer in (program.get(path), program.delete(path), program.post(f"{path}reminder/", None)):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Invitation.objects.get().withdrawn_at is None
