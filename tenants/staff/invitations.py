"""Invitations by which people join a business: create, renew, withdraw and accept them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, QuerySet, Sum
from django.utils.translation import gettext as _

from tenants import provisioning, validators
from tenants.business_locks import lock_business
from tenants.models import Business, Invitation, Membership, Person, Role
from tenants.staff import people
from tenants.staff.permissions import has_permission
from tenants.staff.team import TeamChangeDenied, can_assign_role
from tenants.tokens import digest_token

# How often one business may mail one address, resends included: until accepted, it may be anybody's mailbox.
MAX_SENDS, SEND_WINDOW = 5, timedelta(days=1)


class InvalidInvitation(Exception):
    """The invitation can't be made, renewed or accepted; the message says why, for people."""


@transaction.atomic
def create_invitation(
    *,
    by: Membership,
    email: str,
    token: str,
    role: Role,
    areas: Collection[str] = (),
    now: datetime,
) -> Invitation:
    """Invite an email address to the inviting member's business; the invitation's link holds the token.

    Raises InvalidInvitation, TeamChangeDenied for a role that `by` can't assign, and InvalidBusiness for a malformed
    address.
    """
    if not can_assign_role(by, role=role, areas=areas):
        raise TeamChangeDenied
    email = validators.validate_email_address(email)
    lock_business(by.business)
    is_member, is_invited = _find_earlier(by.business, email)
    if is_member:
        raise InvalidInvitation(_("This person is already on the team."))
    _check_invitation_limits(by.business, email, now=now)
    if is_invited:
        raise InvalidInvitation(_("This address already has an open invitation. Resend or withdraw it."))
    provisioning.get_or_create_person(email=email, now=now)
    return _insert_invitation(by, token, now, email=email, role=role, areas=sorted(areas))


@transaction.atomic
def renew_invitation(*, invitation: Invitation, token: str, now: datetime) -> None:
    """Give an open invitation a new token and lifetime; the old link stops working. Raises InvalidInvitation."""
    lock_business(invitation.business)
    _check_invitation_limits(invitation.business, invitation.email, now=now)
    times = {"sent_at": now, "expires_at": now + settings.STAFF_INVITATION_LIFETIME}
    changed = _query_open_invitations(invitation.pk).update(
        token_digest=digest_token(token), sends=F("sends") + 1, **times
    )
    if not changed:
        raise InvalidInvitation(_("This invitation is no longer valid."))
    invitation.sent_at, invitation.expires_at = times["sent_at"], times["expires_at"]


def withdraw_invitation(*, invitation: Invitation, now: datetime) -> None:
    """Withdraw an open invitation. Raises InvalidInvitation."""
    if not _query_open_invitations(invitation.pk).update(withdrawn_at=now):
        raise InvalidInvitation(_("This invitation is no longer valid."))


def withdraw_unauthorised_invitations(
    *, business: Business, person_id: UUID, membership: Membership | None, now: datetime
) -> list[Invitation]:
    """Withdraw and return a person's open invitations that their role no longer lets them make.

    `membership` is theirs as it is now, None if they are no member any more.
    """
    # Locked, so that one that somebody is just withdrawing is not recorded twice.
    theirs = _query_open_invitations().filter(business=business, invited_by=person_id).order_by("pk")
    unauthorised = [each for each in theirs.select_for_update(no_key=True) if not _may_invite(membership, each)]
    _query_open_invitations().filter(pk__in=[invitation.pk for invitation in unauthorised]).update(withdrawn_at=now)
    return unauthorised


@transaction.atomic
def accept_invitation(*, invitation: Invitation, person: Person, now: datetime) -> Membership:
    """Add a person, who has proven to own the mailbox, to the business. Raises InvalidInvitation."""
    if not invitation.business.is_open:
        raise InvalidInvitation(_("This business is suspended at the moment. Try again when it is open."))
    if not people.is_same_address(person.email, invitation.email):
        raise InvalidInvitation(_("This invitation is for another address."))
    if not _query_open_invitations(invitation.pk).filter(expires_at__gt=now).update(accepted_at=now):
        raise InvalidInvitation(_("This invitation is no longer valid. Ask for a new one."))
    membership, _made = Membership.objects.get_or_create(
        person=person,
        business=invitation.business,
        defaults={"role": invitation.role, "areas": invitation.areas, "created_at": now},
    )
    return membership


def query_business_invitations(business: Business) -> QuerySet[Invitation]:
    """Return a business's open invitations, including expired ones, the newest first."""
    found = _query_open_invitations().filter(business=business)
    return found.select_related("business", "invited_by").order_by("-sent_at")


def query_invitations_to(email: str, *, now: datetime) -> QuerySet[Invitation]:
    """Return the invitations that an email address can accept now."""
    open_invitations = _query_open_invitations().filter(expires_at__gt=now).select_related("business", "invited_by")
    return people.filter_by_address(open_invitations, email)


def find_invitation_by_token(token: str, *, now: datetime) -> Invitation | None:
    """Return the invitation with this token in its link, if it can be accepted now."""
    matching = _query_open_invitations().filter(token_digest=digest_token(token), expires_at__gt=now)
    return matching.select_related("business", "invited_by").first()


def _may_invite(membership: Membership | None, invitation: Invitation) -> bool:
    if membership is None or not has_permission(membership, "team.manage"):
        return False
    return can_assign_role(membership, role=invitation.role, areas=invitation.areas)


def _find_earlier(business: Business, email: str) -> tuple[bool, bool]:
    """Return whether somebody with an address is on the team, and whether they have an open invitation to it."""
    members = people.filter_by_address(Membership.objects.filter(business=business), email, field="person__email")
    invited = people.filter_by_address(_query_open_invitations().filter(business=business), email)
    return Business.objects.values_list(Exists(members), Exists(invited)).get(pk=business.pk)


def _check_invitation_limits(business: Business, email: str, *, now: datetime) -> None:
    """Raise InvalidInvitation if the address, or the business as a whole, was sent too many invitations today.

    Lock the business first.
    """
    recent = Invitation.objects.filter(business=business, sent_at__gt=now - SEND_WINDOW)
    to_address = Sum("sends", filter=people.match_address(email), default=0)
    sends = recent.aggregate(to_address=to_address, of_business=Sum("sends", default=0))
    if sends["to_address"] >= MAX_SENDS:
        raise InvalidInvitation(_("This address can’t get more invitations today. Try again tomorrow."))
    if sends["of_business"] >= settings.STAFF_INVITATIONS_PER_DAY:
        raise InvalidInvitation(
            _("Your business has sent the maximum number of invitations for today. Try again tomorrow.")
        )


def _insert_invitation(by: Membership, token: str, now: datetime, **fields: object) -> Invitation:
    return Invitation.objects.create(
        business=by.business,
        invited_by=by.person,
        token_digest=digest_token(token),
        created_at=now,
        sent_at=now,
        expires_at=now + settings.STAFF_INVITATION_LIFETIME,
        **fields,
    )


def _query_open_invitations(pk: UUID | None = None) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    return rows.filter(pk=pk) if pk else rows
