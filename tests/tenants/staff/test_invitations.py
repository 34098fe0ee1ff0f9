"""Who may take up an invitation, even if a page forgot to ask?"""

from datetime import timedelta
from secrets import token_urlsafe

import pytest

from tenants.models import Invitation, Membership, Person
from tenants.staff import invitations
from tenants.staff.invitations import InvalidInvitation
from tests.factories import create_member


def invite(by: Membership, now, email: str = "kim@example.com") -> Invitation:
    """Invite somebody as a member of staff."""
    return invitations.invite(by=by, email=email, role="staff", token=token_urlsafe(), now=now)


def renew(invitation: Invitation, now) -> None:
    """Have an invitation sent again."""
    invitations.renew(invitation=invitation, token=token_urlsafe(), now=now)


@pytest.fixture
def invitation(acme, now):
    """Kim's invitation to Acme."""
    owner = create_member(acme, "owner")
    return invite(owner, now)


def accept(invitation, email: str, now):
    """Take it up as somebody."""
    return invitations.accept(invitation=invitation, person=Person.objects.get(email=email), now=now)


def test_it_is_for_one_mailbox(invitation, globex, now):
    mallory = create_member(globex, "owner").person

    with pytest.raises(InvalidInvitation):
        accept(invitation, mallory.email, now)
    assert not Membership.objects.filter(person=mallory, business=invitation.business).exists()


def test_it_is_taken_up_once(invitation, now):
    accept(invitation, "kim@example.com", now)

    with pytest.raises(InvalidInvitation):
        accept(invitation, "kim@example.com", now)


def test_it_ends_with_its_time(invitation, now, settings):
    with pytest.raises(InvalidInvitation):
        accept(invitation, "kim@example.com", now + settings.STAFF_INVITATION_LIFETIME + timedelta(seconds=1))


def test_withdrawn_it_can_neither_be_taken_up_nor_renewed(invitation, now):
    invitations.withdraw(invitation=invitation, now=now)

    with pytest.raises(InvalidInvitation):
        accept(invitation, "kim@example.com", now)
    with pytest.raises(InvalidInvitation):
        renew(invitation, now)


def test_who_joined_otherwise_meanwhile_keeps_their_role(invitation, acme, now):
    Membership.objects.create(
        person=Person.objects.get(email="kim@example.com"), business=acme, role="manager", created_at=now
    )

    assert accept(invitation, "kim@example.com", now).role == "manager"


def test_a_mailbox_is_not_flooded_by_sending_again_or_anew(invitation, acme, globex, now):
    owner = create_member(acme, "owner")
    for _mail in range(3):
        renew(invitation, now)
    invitations.withdraw(invitation=invitation, now=now)
    anew = invite(owner, now, email="KIM@example.com")

    with pytest.raises(InvalidInvitation):
        renew(anew, now)
    invitations.withdraw(invitation=anew, now=now)
    with pytest.raises(InvalidInvitation):
        invite(owner, now)

    # Others may still ask them, and so may Acme tomorrow.
    invite(create_member(globex, "owner"), now)
    invite(owner, now + timedelta(days=1, seconds=1))
