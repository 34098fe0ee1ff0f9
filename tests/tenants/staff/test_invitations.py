"""The invitation service enforces its rules whatever a page checks."""

from datetime import timedelta
from secrets import token_urlsafe

import pytest

from tenants.models import Invitation, Membership, Person
from tenants.staff import invitations
from tenants.staff.invitations import InvalidInvitation
from tests.factories import create_member


def invite_kim(by: Membership, now, email: str = "kim@example.com") -> Invitation:
    """Invite somebody as a member of staff."""
    return invitations.create_invitation(by=by, email=email, role="staff", token=token_urlsafe(), now=now)


def renew_with_new_token(invitation: Invitation, now) -> None:
    """Have an invitation sent again."""
    invitations.renew_invitation(invitation=invitation, token=token_urlsafe(), now=now)


@pytest.fixture
def pending_invitation(acme, now):
    """Kim's invitation to Acme."""
    owner = create_member(acme, "owner")
    return invite_kim(owner, now)


def accept_as(invitation, email: str, now):
    """Take it up as somebody."""
    return invitations.accept_invitation(invitation=invitation, person=Person.objects.get(email=email), now=now)


def test_an_invitation_is_for_one_email_address(pending_invitation, globex, now):
    mallory = create_member(globex, "owner").person

    with pytest.raises(InvalidInvitation):
        accept_as(pending_invitation, mallory.email, now)
    assert not Membership.objects.filter(person=mallory, business=pending_invitation.business).exists()


def test_an_invitation_is_accepted_once(pending_invitation, now):
    accept_as(pending_invitation, "kim@example.com", now)

    with pytest.raises(InvalidInvitation):
        accept_as(pending_invitation, "kim@example.com", now)


def test_an_expired_invitation_is_not_accepted(pending_invitation, now, settings):
    with pytest.raises(InvalidInvitation):
        accept_as(
            pending_invitation, "kim@example.com", now + settings.STAFF_INVITATION_LIFETIME + timedelta(seconds=1)
        )


def test_a_withdrawn_invitation_is_neither_accepted_nor_renewed(pending_invitation, now):
    invitations.withdraw_invitation(invitation=pending_invitation, now=now)

    with pytest.raises(InvalidInvitation):
        accept_as(pending_invitation, "kim@example.com", now)
    with pytest.raises(InvalidInvitation):
        renew_with_new_token(pending_invitation, now)


def test_a_member_who_joined_otherwise_keeps_their_role(pending_invitation, acme, now):
    Membership.objects.create(
        person=Person.objects.get(email="kim@example.com"), business=acme, role="manager", created_at=now
    )

    assert accept_as(pending_invitation, "kim@example.com", now).role == "manager"


def test_resent_and_new_invitations_share_one_limit_per_address(pending_invitation, acme, globex, now):
    owner = create_member(acme, "owner")
    for _mail in range(3):
        renew_with_new_token(pending_invitation, now)
    invitations.withdraw_invitation(invitation=pending_invitation, now=now)
    anew = invite_kim(owner, now, email="KIM@example.com")

    with pytest.raises(InvalidInvitation):
        renew_with_new_token(anew, now)
    invitations.withdraw_invitation(invitation=anew, now=now)
    with pytest.raises(InvalidInvitation):
        invite_kim(owner, now)

    # Others may still ask them, and so may Acme tomorrow.
    invite_kim(create_member(globex, "owner"), now)
    invite_kim(owner, now + timedelta(days=1, seconds=1))
