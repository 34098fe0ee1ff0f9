"""Tests of inviting people to a team: who joins, and which invitations still work."""

import re
from datetime import timedelta

import pytest

from portal.activity.models import Entry
from tenants.context import use_business
from tenants.models import Invitation, Membership, Person
from tests.factories import create_member
from tests.sent_messages import SentMessages
from tests.tenants.staff.test_sign_in import sign_in_staff

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
    sign_in_staff(browser, kim, next=newest_invitation_path())
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


def invite_by_page(client, **more) -> Invitation:
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
    theirs, others = invite_by_page(platform_client(manager)), invite_by_page(staff_client("owner"))

    staff_client("owner").post(f"{TEAM}{manager.pk}/{action}", {"role": "staff"})

    assert (is_invitation_open(theirs), is_invitation_open(others)) == (False, True)
    kim = platform_client(Person.objects.get(email=theirs.email))
    assert kim.post(f"/staff/invitations/{theirs.pk}/acceptance/").status_code == 404
    # Both lines are of one instant, which puts neither first.
    assert sorted(recorded_event_types(acme)[-2:]) == sorted([event_type, "team.invitation-withdrawn"])


def test_an_invitation_that_a_demoted_inviter_could_still_make_is_kept(acme, staff_client, platform_client):
    owner = create_member(acme, "owner").person
    browser = platform_client(owner)
    as_owner, as_staff = invite_by_page(browser, role="owner"), invite_by_page(browser)
    with_money = invite_by_page(browser, areas="billing")

    staff_client("owner").post(f"{TEAM}{owner.pk}/", {"role": "manager"})

    assert (is_invitation_open(as_owner), is_invitation_open(as_staff), is_invitation_open(with_money)) == (
        False,
        True,
        False,
    )


def test_a_business_sends_a_limited_number_of_invitations_a_day(acme, globex, staff_client, settings):
    settings.STAFF_INVITATIONS_PER_DAY = 2
    first, _second = invite_by_page(staff_client()), invite_by_page(staff_client())

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
