"""Tests of the team pages: who may change the team, and what the timeline records."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import Invitation, Membership, Person, Role
from tests.factories import create_member
from tests.noun_apps import install_noun_apps, make_noun_app_with_areas
from tests.sent_messages import SentMessages
from tests.tenants.staff.test_sign_in import sign_in

TEAM = "/console/acme/settings/team/"
NEW = {"email": "kim@example.com", "role": "staff"}


def newest_invitation_path() -> str:
    """Return the path of the link in the newest invitation."""
    mails = SentMessages()
    mails.deliver_due()
    text = [mail["text"] for mail in mails.sent() if "/staff/invitation/" in mail["text"]][-1]
    return re.search(r"/staff/invitation/\S+", text).group()


def recorded_event_types(business) -> list[str]:
    """Return the event types of the team's timeline entries, the oldest first."""
    with use_business(business):
        return list(
            Entry.objects.filter(event_type__startswith="team.").order_by("at").values_list("event_type", flat=True)
        )


@pytest.fixture(autouse=True)
def _isolated_outbox(outbox):
    """Every test here leaves its mails in a folder of its own."""


@pytest.fixture(autouse=True)
def _noun_with_areas():
    """Every test here has a noun with two restricted areas besides the others."""
    with install_noun_apps(make_noun_app_with_areas("billing", "documents")):
        yield


@pytest.fixture
def invite_to_acme(staff_client, django_capture_on_commit_callbacks):
    """Return a function that invites somebody to Acme, by default as an owner does it."""

    def invite(role="owner", **more):
        with django_capture_on_commit_callbacks(execute=True):
            return staff_client(role).post(f"{TEAM}invitations/", NEW | more)

    return invite


def test_an_invited_person_joins_with_a_code_sent_to_their_mailbox(invite_to_acme, acme, platform_client):
    assert invite_to_acme(areas="billing").status_code == 302
    kim, browser = Person.objects.get(email="kim@example.com"), platform_client()

    page = browser.get(newest_invitation_path()).content.decode()
    assert "Acme Physiotherapy" in page
    sign_in(browser, kim, next=newest_invitation_path())
    assert browser.get(newest_invitation_path()).status_code == 200
    invitation = Invitation.objects.get()
    browser.post(f"/staff/invitations/{invitation.pk}/acceptance/")

    membership = Membership.objects.get(person=kim)
    assert (membership.role, membership.areas) == ("staff", ["billing"])
    assert browser.get("/console/acme/").status_code == 200
    assert recorded_event_types(acme) == ["team.invited", "team.joined"]


def test_opening_the_link_changes_nothing(invite_to_acme, platform_client):
    invite_to_acme()
    for _look in range(20):
        for method in ("get", "head"):
            assert getattr(platform_client(), method)(newest_invitation_path()).status_code == 200

    assert Invitation.objects.get().accepted_at is None
    assert not Membership.objects.filter(person__email="kim@example.com").exists()


def test_the_link_alone_signs_nobody_in(invite_to_acme, platform_client):
    invite_to_acme()
    browser = platform_client()
    browser.get(newest_invitation_path())

    browser.post(f"/staff/invitations/{Invitation.objects.get().pk}/acceptance/")

    assert browser.get(TEAM).headers["Location"].startswith("/staff/sign-in/")
    assert Invitation.objects.get().accepted_at is None


def test_an_invitation_withdrawn_before_sending_is_not_sent(invite_to_acme, staff_client, outbox):
    invite_to_acme()
    staff_client().post(f"{TEAM}invitations/{Invitation.objects.get().pk}/withdrawal/")

    outbox.deliver_due()

    assert outbox.sent() == []


def create_invitation(client, **more) -> Invitation:
    """Invite a new address from a browser and return the invitation."""
    email = f"{len(Invitation.objects.all())}@example.com"
    client.post(f"{TEAM}invitations/", NEW | {"email": email} | more)
    return Invitation.objects.get(email=email)


def is_invitation_open(invitation: Invitation) -> bool:
    invitation.refresh_from_db()
    return invitation.withdrawn_at is None


@pytest.mark.parametrize(("action", "event_type"), [("", "team.role-changed"), ("removal/", "team.member-removed")])
def test_an_invitation_is_withdrawn_when_the_inviter_loses_the_permission(
    acme, staff_client, platform_client, action, event_type
):
    manager = create_member(acme, "manager").person
    theirs, others = create_invitation(platform_client(manager)), create_invitation(staff_client("owner"))

    staff_client("owner").post(f"{TEAM}{manager.pk}/{action}", {"role": "staff"})

    assert (is_invitation_open(theirs), is_invitation_open(others)) == (False, True)
    kim = platform_client(Person.objects.get(email=theirs.email))
    assert kim.post(f"/staff/invitations/{theirs.pk}/acceptance/").status_code == 404
    # Both lines are of one instant, which puts neither first.
    assert sorted(recorded_event_types(acme)[-2:]) == sorted([event_type, "team.invitation-withdrawn"])


def test_an_invitation_that_a_demoted_inviter_could_still_make_is_kept(acme, staff_client, platform_client):
    owner = create_member(acme, "owner").person
    browser = platform_client(owner)
    as_owner, as_staff = create_invitation(browser, role="owner"), create_invitation(browser)
    with_money = create_invitation(browser, areas="billing")

    staff_client("owner").post(f"{TEAM}{owner.pk}/", {"role": "manager"})

    assert (is_invitation_open(as_owner), is_invitation_open(as_staff), is_invitation_open(with_money)) == (
        False,
        True,
        False,
    )


def test_a_business_sends_a_limited_number_of_invitations_a_day(acme, globex, staff_client, settings):
    settings.STAFF_INVITATIONS_PER_DAY = 2
    first, _second = create_invitation(staff_client()), create_invitation(staff_client())

    answer = staff_client().post(f"{TEAM}invitations/", NEW)
    assert answer.status_code == 422
    assert "the maximum number of invitations for today" in answer.content.decode()
    staff_client().post(f"{TEAM}invitations/{first.pk}/reminder/")
    first.refresh_from_db()
    assert first.sends == 1
    assert staff_client("owner", globex).post("/console/globex/settings/team/invitations/", NEW).status_code == 302


def test_another_person_can_not_accept_an_invitation(invite_to_acme, globex, staff_client):
    invite_to_acme()
    mallory = staff_client("owner", globex)
    assert "Sign out and open the link again" in mallory.get(newest_invitation_path()).content.decode()

    assert mallory.post(f"/staff/invitations/{Invitation.objects.get().pk}/acceptance/").status_code == 404
    assert mallory.get(TEAM).status_code == 404


def test_an_invitation_expires_after_seven_days(invite_to_acme, acme, platform_client):
    invite_to_acme()
    path = newest_invitation_path()
    Invitation.objects.update(expires_at=Invitation.objects.get().sent_at - timedelta(seconds=1))
    kim = platform_client(Person.objects.get(email="kim@example.com"))

    assert kim.get(path).status_code == 404
    assert kim.post(f"/staff/invitations/{Invitation.objects.get().pk}/acceptance/").status_code == 404


def test_after_a_resend_only_the_new_link_works(
    invite_to_acme, staff_client, platform_client, django_capture_on_commit_callbacks
):
    invite_to_acme()
    old = newest_invitation_path()
    with django_capture_on_commit_callbacks(execute=True):
        staff_client().post(f"{TEAM}invitations/{Invitation.objects.get().pk}/reminder/")

    assert newest_invitation_path() != old
    assert platform_client().get(old).status_code == 404
    assert platform_client().get(newest_invitation_path()).status_code == 200


def test_a_withdrawn_invitation_does_not_work(invite_to_acme, staff_client, platform_client, acme):
    invite_to_acme()
    invitation, path = Invitation.objects.get(), newest_invitation_path()
    staff_client().post(f"{TEAM}invitations/{invitation.pk}/withdrawal/")
    kim = platform_client(Person.objects.get(email="kim@example.com"))

    assert kim.get(path).status_code == 404
    assert kim.post(f"/staff/invitations/{invitation.pk}/acceptance/").status_code == 404
    assert recorded_event_types(acme)[-1] == "team.invitation-withdrawn"


def test_the_token_is_stored_nowhere(invite_to_acme):
    invite_to_acme()
    token = newest_invitation_path().split("/")[-2]

    assert token not in str(list(Invitation.objects.values()))


@pytest.mark.parametrize("email", ["kim@example.com", "KIM@example.com"])
def test_one_mailbox_has_one_open_invitation(invite_to_acme, email):
    invite_to_acme()

    assert invite_to_acme(email=email).status_code == 422
    assert Invitation.objects.count() == 1


def test_a_member_is_not_invited(invite_to_acme, acme):
    assert invite_to_acme(email=create_member(acme, "staff").person.email.upper()).status_code == 422


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


def test_a_manager_cannot_assign_an_area_they_lack(staff_client, acme):
    someone = create_member(acme, "staff")
    browser = staff_client("manager", areas=["documents"])

    browser.post(f"{TEAM}{someone.person_id}/", {"role": "staff", "areas": "billing"})
    assert Membership.objects.get(pk=someone.pk).areas == []
    browser.post(f"{TEAM}{someone.person_id}/", {"role": "staff", "areas": "documents"})
    assert Membership.objects.get(pk=someone.pk).areas == ["documents"]


def test_the_page_offers_every_area_and_shows_which_somebody_has(staff_client, acme):
    someone = create_member(acme, "staff", areas=["documents"])
    page = " ".join(staff_client().get(TEAM).content.decode().split())
    assert "Staff · Documents · staff.0@acme.test" in page
    form = staff_client().get(f"{TEAM}{someone.person_id}/").context["form"]
    assert [(box.data["value"], box.data["selected"]) for box in form["areas"]] == [
        ("billing", False),
        ("documents", True),
    ]


def test_an_area_that_no_noun_declares_is_not_assigned(staff_client, acme):
    someone = create_member(acme, "staff")
    answer = staff_client().post(f"{TEAM}{someone.person_id}/", {"role": "manager", "areas": "payroll"})
    someone.refresh_from_db()
    assert (answer.status_code, someone.role, someone.areas) == (422, "staff", [])


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
        sign_in(browser, someone)
        assert browser.get("/console/acme/").status_code == 200

    staff_client("owner").post(f"{TEAM}{someone.pk}/removal/")

    for browser in browsers:
        assert browser.get("/console/acme/").headers["Location"].startswith("/staff/sign-in/")
    assert not Session.objects.filter(session_key__in=[b.cookies["staff"].value for b in browsers]).exists()
    assert recorded_event_types(acme) == ["team.member-removed"]


def test_a_member_of_another_business_is_not_found(staff_client, globex):
    theirs = create_member(globex, "staff")

    assert staff_client("owner").get(f"{TEAM}{theirs.person_id}/").status_code == 404
    assert staff_client("owner").post(f"{TEAM}{theirs.person_id}/removal/").status_code == 404
    assert Membership.objects.filter(pk=theirs.pk).exists()
