"""How does somebody come to work at a business? By an invitation to their mailbox."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from tenants import provisioning, validators
from tenants.models import Business, Invitation, Membership, Person, Role
from tenants.staff.permissions import has_permission
from tenants.staff.team import TeamChangeDenied, can_assign_role

# A mailbox gets no more invitations from one business than this, sent again or anew: it belongs to a stranger still.
MAX_SENDS, SEND_WINDOW = 5, timedelta(days=1)


class InvalidInvitation(Exception):
    """This invitation can't be made, or can't be taken up. Says why, in words for people."""


@transaction.atomic
def invite(
    *,
    by: Membership,
    email: str,
    token: str,
    role: Role,
    billing: bool = False,
    documents: bool = False,
    now: datetime,
) -> Invitation:
    """Invite a mailbox to the business of whoever invites; its link holds the token.

    Raises InvalidInvitation, TeamChangeDenied for what one can't give, and BusinessRefused for no address.
    """
    if not can_assign_role(by, role=role, billing=billing, documents=documents):
        raise TeamChangeDenied
    email = validators.check_email(email)
    if Membership.objects.filter(business=by.business_id, person__email__iexact=email).exists():
        raise InvalidInvitation(_("This person is on the team already."))
    _check_send_limits(by.business, email, now=now)
    provisioning.known_person(email=email, now=now)
    try:
        with transaction.atomic():
            return _create(by, token, now, email=email, role=role, billing=billing, documents=documents)
    except IntegrityError as error:
        raise InvalidInvitation(_("This address has an open invitation. Send that again, or withdraw it.")) from error


@transaction.atomic
def renew(*, invitation: Invitation, token: str, now: datetime) -> None:
    """Give an open invitation a new token and its full time; the old link is dead. Raises InvalidInvitation."""
    _check_send_limits(invitation.business, invitation.email, now=now)
    changed = _open_invitations(invitation.pk).update(
        token_digest=hash_token(token),
        sends=F("sends") + 1,
        sent_at=now,
        expires_at=now + settings.STAFF_INVITATION_LIFETIME,
    )
    if not changed:
        raise InvalidInvitation(_("This invitation is not open any more."))


def withdraw(*, invitation: Invitation, now: datetime) -> None:
    """End an open invitation. Raises InvalidInvitation."""
    if not _open_invitations(invitation.pk).update(withdrawn_at=now):
        raise InvalidInvitation(_("This invitation is not open any more."))


def withdraw_unauthorised(*, business: Business, person_id: UUID, now: datetime) -> list[Invitation]:
    """End the open invitations that somebody could not make any more as things are now, and return them."""
    membership = Membership.objects.filter(business=business, person=person_id).first()
    beyond = [
        one
        for one in _open_invitations().filter(business=business, invited_by=person_id)
        if not _has_authority(membership, one)
    ]
    _open_invitations().filter(pk__in=[one.pk for one in beyond]).update(withdrawn_at=now)
    return beyond


@transaction.atomic
def accept(*, invitation: Invitation, person: Person, now: datetime) -> Membership:
    """Join the business, as somebody who has proven to read the mailbox. Raises InvalidInvitation."""
    if person.email.lower() != invitation.email.lower():
        raise InvalidInvitation(_("This invitation is for another address."))
    if not _open_invitations(invitation.pk).filter(expires_at__gt=now).update(accepted_at=now):
        raise InvalidInvitation(_("This invitation is not open any more. Ask for a new one."))
    membership, _made = Membership.objects.get_or_create(
        person=person,
        business=invitation.business,
        defaults={
            "role": invitation.role,
            "billing": invitation.billing,
            "documents": invitation.documents,
            "created_at": now,
        },
    )
    return membership


def open_invitations_of(business: Business) -> QuerySet[Invitation]:
    """Return a business's open invitations, expired ones too, the newest first."""
    return _open_invitations().filter(business=business).select_related("invited_by").order_by("-sent_at")


def open_invitations_for(email: str, *, now: datetime) -> QuerySet[Invitation]:
    """Return the invitations a mailbox may take up now."""
    return _open_invitations().filter(email__iexact=email, expires_at__gt=now).select_related("business", "invited_by")


def find_by_token(token: str, *, now: datetime) -> Invitation | None:
    """Return the invitation whose link holds this token, if it may be taken up now."""
    found = _open_invitations().filter(token_digest=hash_token(token), expires_at__gt=now)
    return found.select_related("business", "invited_by").first()


def hash_token(token: str) -> bytes:
    """Return what the database keeps of a token; the token is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def _has_authority(membership: Membership | None, invitation: Invitation) -> bool:
    if membership is None or not has_permission(membership, "team.manage"):
        return False
    return can_assign_role(membership, role=invitation.role, billing=invitation.billing, documents=invitation.documents)


def _check_send_limits(business: Business, email: str, *, now: datetime) -> None:
    """Send a mailbox no more than it can be asked to bear, and no more mailboxes than a team has people.

    The lock keeps two clicks from passing at once.
    """
    Business.objects.select_for_update().get(pk=business.pk)
    lately = Invitation.objects.filter(business=business, sent_at__gt=now - SEND_WINDOW)
    if _count_sends(lately.filter(email__iexact=email)) >= MAX_SENDS:
        raise InvalidInvitation(_("This address has had enough invitations for today. Try again tomorrow."))
    if _count_sends(lately) >= settings.STAFF_INVITATIONS_PER_DAY:
        raise InvalidInvitation(_("Your business has sent as many invitations as it may in a day. Try again tomorrow."))


def _count_sends(invitations: QuerySet[Invitation]) -> int:
    return invitations.aggregate(mails=Sum("sends"))["mails"] or 0


def _create(by: Membership, token: str, now: datetime, **facts: object) -> Invitation:
    return Invitation.objects.create(
        business=by.business,
        invited_by=by.person,
        token_digest=hash_token(token),
        created_at=now,
        sent_at=now,
        expires_at=now + settings.STAFF_INVITATION_LIFETIME,
        **facts,
    )


def _open_invitations(pk: UUID | None = None) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    return rows.filter(pk=pk) if pk else rows
