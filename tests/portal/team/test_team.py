"""Tests of the members of a team: who may change them, and what the timeline records."""

import pytest
from django.contrib.sessions.models import Session

from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import Invitation, Membership, Role
from tests.factories import create_member
from tests.tenants.staff.test_sign_in import sign_in_staff

TEAM = "/console/acme/settings/team/"
NEW = {"email": "kim@example.com", "role": "staff"}


@pytest.mark.parametrize("role", ["staff", "read-only"])
def test_only_owners_and_managers_change_the_team(role, staff_client, acme):
    someone = create_member(acme, "staff")
    browser = staff_client(role)

    assert browser.get(TEAM).status_code == 200
    assert browser.post(f"{TEAM}invitations/", NEW).status_code == 403
    assert browser.get(f"{TEAM}{someone.person_id}/").status_code == 403
    assert browser.post(f"{TEAM}{someone.person_id}/removal/").status_code == 403
    assert Membership.objects.filter(pk=someone.pk).exists()


def test_a_manager_can_neither_invite_nor_change_owners(staff_client, acme):
    owner, someone = create_member(acme, "owner"), create_member(acme, "staff")
    browser = staff_client("manager")

    browser.post(f"{TEAM}{someone.person_id}/", {"role": "owner"})
    browser.post(f"{TEAM}{owner.person_id}/", {"role": "staff"})
    browser.post(f"{TEAM}{owner.person_id}/removal/")
    browser.post(f"{TEAM}invitations/", NEW | {"role": "owner"})

    assert [Membership.objects.get(pk=membership.pk).role for membership in (owner, someone)] == ["owner", "staff"]
    assert not Invitation.objects.exists()


def test_the_last_owner_can_not_be_demoted_or_removed(staff_client, acme):
    Membership.objects.filter(business=acme, role=Role.OWNER).delete()
    browser = staff_client("owner")
    last = Membership.objects.get(business=acme, role=Role.OWNER)

    browser.post(f"{TEAM}{last.person_id}/", {"role": "staff"})
    browser.post(f"{TEAM}{last.person_id}/removal/")

    assert Membership.objects.get(pk=last.pk).role == Role.OWNER


def test_a_role_change_is_recorded_with_before_and_after(staff_client, acme):
    someone = create_member(acme, "staff")

    staff_client("owner").post(f"{TEAM}{someone.person_id}/", {"role": "manager", "areas": "billing"})

    with use_business(acme):
        entry = Entry.objects.get(event_type="team.role-changed")
    assert entry.data["before"] == {"role": "staff", "areas": []}
    assert entry.data["after"] == {"role": "manager", "areas": ["billing"]}
    assert (entry.actor, entry.subject_id, entry.ip) == ("staff", someone.person_id, "127.0.0.1")


def test_a_removed_member_is_signed_out_at_the_next_request(staff_client, acme, platform_client):
    someone = create_member(acme, "staff").person
    browsers = [platform_client(), platform_client()]
    for browser in browsers:
        sign_in_staff(browser, someone)
        assert browser.get("/console/acme/").status_code == 200

    staff_client("owner").post(f"{TEAM}{someone.pk}/removal/")

    for browser in browsers:
        assert browser.get("/console/acme/").headers["Location"].startswith("/staff/sign-in/")
    assert not Session.objects.filter(session_key__in=[b.cookies["staff"].value for b in browsers]).exists()
    with use_business(acme):
        assert Entry.objects.get(event_type__startswith="team.").event_type == "team.member-removed"


def test_a_member_of_another_business_is_not_found(staff_client, globex):
    theirs = create_member(globex, "staff")

    assert staff_client("owner").get(f"{TEAM}{theirs.person_id}/").status_code == 404
    assert staff_client("owner").post(f"{TEAM}{theirs.person_id}/removal/").status_code == 404
    assert Membership.objects.filter(pk=theirs.pk).exists()
