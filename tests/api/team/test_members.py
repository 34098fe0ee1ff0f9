"""Tests of the members of the team in the business API."""

from uuid import uuid4

import pytest

from portal.activity.models import Entry
from portal.team.kinds import TeamEvent
from tenants.context import use_business
from tenants.models import Membership
from tests import factories
from tests.captured_statements import capture_statements

pytestmark = pytest.mark.django_db


def read_role(member):
    """Return the role that somebody has now, or None."""
    return Membership.objects.filter(pk=member.pk).values_list("role", flat=True).first()


def test_members_are_listed_and_shown(api_program, acme):
    lea = factories.create_member(acme, "staff")
    program = api_program()
    listed = program.get("team/members/").json()
    shown = program.get(f"team/members/{lea.person_id}/").json()
    assert shown == {
        "id": str(lea.person_id),
        "name": lea.person.name,
        "email": lea.person.email,
        "role": "staff",
        "areas": [],
        "joined_at": shown["joined_at"],
    }
    assert shown in listed["items"]
    assert listed["next_cursor"] is None


def test_every_member_is_on_one_page_of_the_list(api_program, acme):
    for _member in range(4):
        factories.create_member(acme, "staff")
    program, found, path = api_program(), [], "team/members/?limit=2"
    while path:
        page = program.get(path).json()
        found += [member["id"] for member in page["items"]]
        path = page["next_cursor"] and f"team/members/?limit=2&cursor={page['next_cursor']}"
    with use_business(acme):
        everybody = Membership.objects.filter(business=acme).values_list("person_id", flat=True)
    assert sorted(found) == sorted(map(str, everybody))


def test_a_member_s_role_is_changed_and_recorded(api_program, acme):
    lea = factories.create_member(acme, "staff")
    answer = api_program().patch(f"team/members/{lea.person_id}/", {"role": "manager"})
    assert (answer.status_code, answer.json()["role"], read_role(lea)) == (200, "manager", "manager")
    with use_business(acme):
        entry = Entry.objects.get(event_type=TeamEvent.ROLE_CHANGED)
    assert entry.actor_name.endswith("(Sync)")


def test_a_member_who_was_changed_meanwhile_is_not_changed(api_program, acme):
    lea, program = factories.create_member(acme, "staff"), api_program()
    path = f"team/members/{lea.person_id}/"
    seen = program.get(path)["ETag"]
    assert program.patch(path, {"role": "manager"}, **{"If-Match": seen}).status_code == 200
    assert program.patch(path, {"role": "read-only"}, **{"If-Match": seen}).json()["code"] == "precondition_failed"
    assert read_role(lea) == "manager"


def test_a_removed_member_s_own_keys_end_too(api_program, acme):
    program = api_program()
    other = api_program(role="manager")
    [person_id] = [one["id"] for one in program.get("team/members/").json()["items"] if one["role"] == "manager"]
    assert other.get("tags/").status_code == 200
    assert program.delete(f"team/members/{person_id}/").status_code == 204
    assert other.get("tags/").status_code == 401
    assert program.get(f"team/members/{person_id}/").status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"role": "operator"}, "role", "invalid_choice"),
        ({"areas": ["nowhere"]}, "areas", "invalid_choice"),
        ({"email": "x@example.com"}, "email", "read_only_field"),
        ({"is_active": False}, "is_active", "unknown_field"),
    ],
)
def test_a_wrong_field_is_named(api_program, acme, body, field, code):
    lea = factories.create_member(acme, "staff")
    answer = api_program().patch(f"team/members/{lea.person_id}/", body)
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_no_key_makes_or_touches_an_owner_even_an_owner_s_own(api_program, acme):
    owner, lea = factories.create_member(acme, "owner"), factories.create_member(acme, "staff")
    program = api_program()
    assert program.patch(f"team/members/{lea.person_id}/", {"role": "owner"}).json()["code"] == "forbidden"
    assert program.patch(f"team/members/{owner.person_id}/", {"role": "staff"}).json()["code"] == "forbidden"
    assert program.delete(f"team/members/{owner.person_id}/").json()["code"] == "forbidden"
    assert program.post("team/invitations/", {"email": "x@example.com", "role": "owner"}).status_code == 403
    assert (read_role(owner), read_role(lea)) == ("owner", "staff")


def test_a_manager_s_key_makes_and_touches_no_owner(api_program, acme):
    owner, lea = factories.create_member(acme, "owner"), factories.create_member(acme, "staff")
    program = api_program(["team:read", "team:manage"], role="manager")
    assert program.patch(f"team/members/{lea.person_id}/", {"role": "owner"}).json()["code"] == "forbidden"
    assert program.patch(f"team/members/{owner.person_id}/", {"role": "staff"}).json()["code"] == "forbidden"
    assert program.delete(f"team/members/{owner.person_id}/").json()["code"] == "forbidden"
    assert program.patch(f"team/members/{lea.person_id}/", {"role": "manager"}).status_code == 200
    assert read_role(owner) == "owner"


def test_changing_the_team_needs_the_team_s_scope_and_a_manager(api_program, acme):
    lea = factories.create_member(acme, "staff")
    for program in (
        api_program(["team:read", "clients:write"]),
        api_program(["team:read", "team:manage"], role="staff"),
    ):
        assert program.get("team/members/").status_code == 200
        assert program.patch(f"team/members/{lea.person_id}/", {"role": "manager"}).json()["code"] == "forbidden"
        assert program.delete(f"team/members/{lea.person_id}/").json()["code"] == "forbidden"
    assert api_program(["clients:read"]).get("team/members/").json()["code"] == "forbidden"
    assert read_role(lea) == "staff"


def test_another_business_s_member_is_not_found(api_program, globex):
    stranger, program = factories.create_member(globex, "staff"), api_program()
    for person_id in (stranger.person_id, uuid4()):
        path = f"team/members/{person_id}/"
        for answer in (program.get(path), program.patch(path, {"role": "manager"}), program.delete(path)):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert read_role(stranger) == "staff"


def test_the_team_takes_few_statements(api_program, acme):
    lea, program = factories.create_member(acme, "staff"), api_program()
    program.get("team/members/")
    with capture_statements() as reading:
        assert program.get("team/members/").status_code == 200
    assert len(reading.queries) <= 6, reading.queries
    with capture_statements() as writing:
        assert program.patch(f"team/members/{lea.person_id}/", {"role": "manager"}).status_code == 200
    assert len(writing.queries) <= 12, writing.queries
