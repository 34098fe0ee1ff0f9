"""How does the team change, so that the timeline knows who did it?"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from portal.activity import services as activity
from portal.activity.event_types import EventType
from portal.team import letters
from tenants.models import Invitation, Membership, Person, Role, StaffEmail, StaffEmailKind
from tenants.staff import invitations, team
from tenants.staff.actor import Staff
from tenants.staff.email_secrets import derive_token


@transaction.atomic
def invite(
    *, by: Membership, staff: Staff, email: str, role: Role, billing: bool, documents: bool, now: datetime
) -> Invitation:
    """Invite a mailbox and send the link. Raises InvalidInvitation, TeamChangeDenied and BusinessRefused."""
    given: dict[str, Any] = {"role": role, "billing": billing, "documents": documents}
    letter = _letter(now)
    invitation = invitations.invite(by=by, email=email, token=derive_token(letter), now=now, **given)
    _record(EventType.TEAM_INVITED, staff, now, who=invitation.email, subject_id=invitation.pk, after=given)
    letters.owe_invitation(letter, invitation=invitation, now=now)
    return invitation


@transaction.atomic
def invite_again(*, invitation: Invitation, staff: Staff, now: datetime) -> None:
    """Send an open invitation once more, with a new link and its full time. Raises InvalidInvitation."""
    letter = _letter(now)
    invitations.renew(invitation=invitation, token=derive_token(letter), now=now)
    _record(EventType.TEAM_INVITATION_RESENT, staff, now, who=invitation.email, subject_id=invitation.pk)
    letters.owe_invitation(letter, invitation=invitation, now=now)


@transaction.atomic
def withdraw(*, invitation: Invitation, staff: Staff, now: datetime) -> None:
    """End an open invitation. Raises InvalidInvitation."""
    invitations.withdraw(invitation=invitation, now=now)
    _record(EventType.TEAM_INVITATION_WITHDRAWN, staff, now, who=invitation.email, subject_id=invitation.pk)


@transaction.atomic
def join(*, invitation: Invitation, person: Person, staff: Staff, now: datetime) -> Membership:
    """Take up an invitation. Works in the schema of its business. Raises InvalidInvitation."""
    membership = invitations.accept(invitation=invitation, person=person, now=now)
    _record(EventType.TEAM_JOINED, staff, now, who=person.email, subject_id=person.pk, after=_facts(membership))
    return membership


@transaction.atomic
def change(
    *, by: Membership, member: Membership, staff: Staff, role: Role, billing: bool, documents: bool, now: datetime
) -> Membership:
    """Give a member another role and switches; what they invited others to and could not any more ends. Raises TeamChangeDenied and OwnerRequired."""
    before = _facts(member)
    changed = team.change_member(by=by, member=member, role=role, billing=billing, documents=documents)
    facts = {"who": member.person.email, "before": before, "after": _facts(changed)}
    if before != facts["after"]:
        _record(EventType.TEAM_ROLE_CHANGED, staff, now, subject_id=member.person_id, **facts)
        _withdraw_unauthorised(by, member, staff, now)
    return changed


@transaction.atomic
def remove(*, by: Membership, member: Membership, staff: Staff, now: datetime) -> None:
    """Take a member off the team; all their sessions end, and their open invitations. Raises TeamChangeDenied and OwnerRequired."""
    before = _facts(member)
    team.remove_member(by=by, member=member)
    _record(
        EventType.TEAM_MEMBER_REMOVED, staff, now, who=member.person.email, subject_id=member.person_id, before=before
    )
    _withdraw_unauthorised(by, member, staff, now)


def _withdraw_unauthorised(by: Membership, member: Membership, staff: Staff, now: datetime) -> None:
    for one in invitations.withdraw_unauthorised(business=by.business, person_id=member.person_id, now=now):
        _record(EventType.TEAM_INVITATION_WITHDRAWN, staff, now, who=one.email, subject_id=one.pk)


def _facts(membership: Membership) -> dict[str, Any]:
    return {"role": membership.role, "billing": membership.billing, "documents": membership.documents}


def _record(event_type: EventType, staff: Staff, now: datetime, **facts: Any) -> None:
    activity.record(event_type, at=now, **facts, **activity.actor_fields(staff))


def _letter(now: datetime) -> StaffEmail:
    return letters.draft(StaffEmailKind.INVITATION, lifetime=settings.NOTIFICATION_LIFETIME, now=now)
