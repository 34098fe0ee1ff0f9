"""The invitation service enforces its rules whatever a page checks."""

from datetime import timedelta
from secrets import token_urlsafe

import pytest

from tenants.models import Invitation, Membership, Person
from tenants.staff import invitations
from tenants.staff.invitations import InvalidInvitation
from tests.factories import create_member


def invite_member(by: Membership, now, email: str = "kim@example.com") -> Invitation:
    """Invite somebody as a member of staff."""
    return invitations.create_invitation(by=by, email=email, role="staff", token=token_urlsafe(), now=now)


def resend_invitation(invitation: Invitation, now) -> None:
    """Have an invitation sent again."""
    invitations.renew_invitation(invitation=invitation, token=token_urlsafe(), now=now)


@pytest.fixture
def open_invitation(acme, now):
    """Kim's invitation to Acme."""
    owner = create_member(acme, "owner")
    return invite_member(owner, now)


def accept_as(invitation, email: str, now):
    """Take it up as somebody."""
    return invitations.accept_invitation(invitation=invitation, person=Person.objects.get(email=email), now=now)


def test_an_invitation_is_for_one_email_address(open_invitation, globex, now):
    mallory = create_member(globex, "owner").person

    with pytest.raises(InvalidInvitation):
        accept_as(open_invitation, mallory.email, now)
    assert not Membership.objects.filter(person=mallory, business=open_invitation.business).exists()


def test_an_invitation_is_accepted_once(open_invitation, now):
    accept_as(open_invitation, "kim@example.com", now)

    with pytest.raises(InvalidInvitation):
        accept_as(open_invitation, "kim@example.com", now)


def test_an_expired_invitation_is_not_accepted(open_invitation, now, settings):
    with pytest.raises(InvalidInvitation):
        accept_as(open_invitation, "kim@example.com", now + settings.STAFF_INVITATION_LIFETIME + timedelta(seconds=1))


def test_a_withdrawn_invitation_is_neither_accepted_nor_renewed(open_invitation, now):
    invitations.withdraw_invitation(invitation=open_invitation, now=now)

    with pytest.raises(InvalidInvitation):
        accept_as(open_invitation, "kim@example.com", now)
    with pytest.raises(InvalidInvitation):
        resend_invitation(open_invitation, now)


def test_a_member_who_joined_otherwise_keeps_their_role(open_invitation, acme, now):
    Membership.objects.create(
        person=Person.objects.get(email="kim@example.com"), business=acme, role="manager", created_at=now
    )

    assert accept_as(open_invitation, "kim@example.com", now).role == "manager"


def test_resent_and_new_invitations_share_one_limit_per_address(open_invitation, acme, globex, now):
    owner = create_member(acme, "owner")
    for _mail in range(3):
        resend_invitation(open_invitation, now)
    invitations.withdraw_invitation(invitation=open_invitation, now=now)
    anew = invite_member(owner, now, email="KIM@example.com")

    with pytest.raises(InvalidInvitation):
        resend_invitation(anew, now)
    invitations.withdraw_invitation(invitation=anew, now=now)
    with pytest.raises(InvalidInvitation):
        invite_member(owner, now)

    # Others may still ask them, and so may Acme tomorrow.
    invite_member(create_member(globex, "owner"), now)
    invite_member(owner, now + timedelta(days=1, seconds=1))
