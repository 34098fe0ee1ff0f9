"""How does the team change, so that the timeline knows who did it?"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation

from portal.activity import services as activity
from portal.activity.verbs import Verb
from tenants.addresses import url_at
from tenants.models import Invitation, Membership, Person, Role
from tenants.staff import invitations, team
from tenants.staff.actor import Staff


@transaction.atomic
def invite(
    *, by: Membership, staff: Staff, email: str, role: Role, billing: bool, documents: bool, now: datetime
) -> Invitation:
    """Invite a mailbox and send the link. Raises InvitationRefused, NotYours and BusinessRefused."""
    given: dict[str, Any] = {"role": role, "billing": billing, "documents": documents}
    invitation, token = invitations.invite(by=by, email=email, now=now, **given)
    _record(Verb.TEAM_INVITED, staff, now, who=invitation.email, subject_id=invitation.pk, after=given)
    _send(invitation, token)
    return invitation


@transaction.atomic
def invite_again(*, invitation: Invitation, staff: Staff, now: datetime) -> None:
    """Send an open invitation once more, with a new link and its full time. Raises InvitationRefused."""
    token = invitations.renew(invitation=invitation, now=now)
    invitation.refresh_from_db()
    _record(Verb.TEAM_INVITED_AGAIN, staff, now, who=invitation.email, subject_id=invitation.pk)
    _send(invitation, token)


@transaction.atomic
def withdraw(*, invitation: Invitation, staff: Staff, now: datetime) -> None:
    """End an open invitation. Raises InvitationRefused."""
    invitations.withdraw(invitation=invitation, now=now)
    _record(Verb.TEAM_INVITATION_WITHDRAWN, staff, now, who=invitation.email, subject_id=invitation.pk)


@transaction.atomic
def join(*, invitation: Invitation, person: Person, staff: Staff, now: datetime) -> Membership:
    """Take up an invitation. Works in the schema of its business. Raises InvitationRefused."""
    membership = invitations.accept(invitation=invitation, person=person, now=now)
    _record(Verb.TEAM_JOINED, staff, now, who=person.email, subject_id=person.pk, after=_facts(membership))
    return membership


@transaction.atomic
def change(
    *, by: Membership, member: Membership, staff: Staff, role: Role, billing: bool, documents: bool, now: datetime
) -> Membership:
    """Give a member another role and switches. Raises NotYours and LastOwner."""
    before = _facts(member)
    changed = team.change_member(by=by, member=member, role=role, billing=billing, documents=documents)
    facts = {"who": member.person.email, "before": before, "after": _facts(changed)}
    if before != facts["after"]:
        _record(Verb.TEAM_CHANGED, staff, now, subject_id=member.person_id, **facts)
    return changed


@transaction.atomic
def remove(*, by: Membership, member: Membership, staff: Staff, now: datetime) -> None:
    """Take a member off the team; all their sessions end. Raises NotYours and LastOwner."""
    before = _facts(member)
    team.remove_member(by=by, member=member)
    _record(Verb.TEAM_REMOVED, staff, now, who=member.person.email, subject_id=member.person_id, before=before)


def _facts(membership: Membership) -> dict[str, Any]:
    return {"role": membership.role, "billing": membership.billing, "documents": membership.documents}


def _record(verb: Verb, staff: Staff, now: datetime, **facts: Any) -> None:
    activity.record(verb, at=now, **facts, **activity.by(staff))


def _send(invitation: Invitation, token: str) -> None:
    """Mail the link once the invitation is there to be found. The token is kept nowhere but in that mail."""
    values = {
        "business": invitation.business,
        "profile": {"colour": "#2f5d50"},
        "inviter": invitation.invited_by,
        "role": invitation.get_role_display(),
        "until": invitation.expires_at.astimezone(timezone.get_current_timezone()),
        "url": url_at(settings.PLATFORM_HOST, reverse("team:invitation", args=[token])),
    }
    with translation.override(invitation.business.language):
        mail = EmailMultiAlternatives(_fill("subject.txt", values), _fill("body.txt", values), to=[invitation.email])
        mail.attach_alternative(_fill("body.html", values), "text/html")
    transaction.on_commit(mail.send)


def _fill(part: str, values: dict[str, Any]) -> str:
    template = get_template(f"messages/staff-invitation/{part}").template  # type: ignore[attr-defined]
    text = template.render(Context(values, autoescape=part.endswith(".html"))).strip()
    return " ".join(text.split()) if part == "subject.txt" else text
