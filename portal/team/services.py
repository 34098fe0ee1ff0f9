"""Changes to a team, each recorded on the timeline with the member of staff who made it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from portal.activity import services as activity
from portal.team import staff_emails
from portal.team.kinds import TeamEmail, TeamEvent
from tenants.models import Invitation, Membership, Person, Role, StaffEmail
from tenants.nouns import registry
from tenants.nouns.platform_events import PlatformEvent
from tenants.staff import invitations, team
from tenants.staff.email_secrets import derive_token
from tenants.staff.staff_actor import StaffActor


@transaction.atomic
def invite_member(
    *, by: Membership, staff: StaffActor, email: str, role: Role, areas: Collection[str], now: datetime
) -> Invitation:
    """Invite an email address and send it the link. Raises InvalidInvitation, TeamChangeDenied and InvalidBusiness."""
    role_fields: dict[str, Any] = {"role": role, "areas": sorted(areas)}
    staff_email = _build_invitation_email(now)
    invitation = invitations.create_invitation(
        by=by, email=email, token=derive_token(staff_email), now=now, **role_fields
    )
    _record_team_event(
        TeamEvent.INVITED, staff, now, subject_name=invitation.email, subject_id=invitation.pk, after=role_fields
    )
    staff_emails.enqueue_invitation(staff_email, invitation=invitation, now=now)
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, staff: StaffActor, now: datetime) -> None:
    """Send an open invitation again, with a new link and its full lifetime. Raises InvalidInvitation."""
    staff_email = _build_invitation_email(now)
    invitations.renew_invitation(invitation=invitation, token=derive_token(staff_email), now=now)
    _record_team_event(TeamEvent.INVITATION_RESENT, staff, now, subject_name=invitation.email, subject_id=invitation.pk)
    staff_emails.enqueue_invitation(staff_email, invitation=invitation, now=now)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, staff: StaffActor, now: datetime) -> None:
    """End an open invitation. Raises InvalidInvitation."""
    invitations.withdraw_invitation(invitation=invitation, now=now)
    _record_team_event(
        TeamEvent.INVITATION_WITHDRAWN, staff, now, subject_name=invitation.email, subject_id=invitation.pk
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, person: Person, staff: StaffActor, now: datetime) -> Membership:
    """Accept an invitation; runs in the schema of its business. Raises InvalidInvitation."""
    membership = invitations.accept_invitation(invitation=invitation, person=person, now=now)
    _record_team_event(
        TeamEvent.JOINED,
        staff,
        now,
        subject_name=person.email,
        subject_id=person.pk,
        after=_get_membership_fields(membership),
    )
    return membership


@transaction.atomic
def change_member(
    *,
    by: Membership,
    member: Membership,
    staff: StaffActor,
    role: Role,
    areas: Collection[str],
    business_is_locked: bool = False,
    now: datetime,
) -> Membership:
    """Change a member's role and extra areas, and withdraw invitations that they could not make with these.

    `business_is_locked` says that the caller has locked the business's row in this transaction, and read the member
    after that. Raises TeamChangeDenied and OwnerRequired.
    """
    before = _get_membership_fields(member)
    changed = team.change_member(by=by, member=member, role=role, areas=areas, business_is_locked=business_is_locked)
    fields = {"subject_name": member.person.email, "before": before, "after": _get_membership_fields(changed)}
    if before != fields["after"]:
        _record_team_event(TeamEvent.ROLE_CHANGED, staff, now, subject_id=member.person_id, **fields)
        _withdraw_unauthorised_invitations(by, member.person_id, changed, staff, now)
    return changed


@transaction.atomic
def remove_member(*, by: Membership, member: Membership, staff: StaffActor, now: datetime) -> None:
    """Remove a member, with what was theirs at this business alone, and withdraw their open invitations.

    Raises TeamChangeDenied and OwnerRequired.
    """
    before = _get_membership_fields(member)
    team.remove_member(by=by, member=member)
    _record_team_event(
        TeamEvent.MEMBER_REMOVED,
        staff,
        now,
        subject_name=member.person.email,
        subject_id=member.person_id,
        before=before,
    )
    _withdraw_unauthorised_invitations(by, member.person_id, None, staff, now)
    registry.call_event_handlers(PlatformEvent.MEMBER_REMOVED, person_id=member.person_id, now=now)


def _withdraw_unauthorised_invitations(
    by: Membership, person_id: UUID, membership: Membership | None, staff: StaffActor, now: datetime
) -> None:
    for invitation in invitations.withdraw_unauthorised_invitations(
        business=by.business, person_id=person_id, membership=membership, now=now
    ):
        _record_team_event(
            TeamEvent.INVITATION_WITHDRAWN, staff, now, subject_name=invitation.email, subject_id=invitation.pk
        )


def _get_membership_fields(membership: Membership) -> dict[str, Any]:
    return {"role": membership.role, "areas": membership.areas}


def _record_team_event(event_type: TeamEvent, staff: StaffActor, now: datetime, **fields: Any) -> None:
    activity.record_event(event_type, at=now, **fields, **activity.get_actor_fields(staff))


def _build_invitation_email(now: datetime) -> StaffEmail:
    return staff_emails.build_staff_email(TeamEmail.INVITATION, lifetime=settings.NOTIFICATION_LIFETIME, now=now)
