"""Who works at a business, and who may change that?"""

from django.db import transaction
from django.db.models import QuerySet

from tenants.models import Business, Membership, Role
from tenants.staff.permissions import RESTRICTED_AREAS
from tenants.staff.sessions import end_sessions


class TeamChangeDenied(Exception):
    """Somebody tried to give or take what is above their own role."""


class OwnerRequired(Exception):
    """A business keeps at least one owner."""


def members_of(business: Business) -> QuerySet[Membership]:
    """Return everybody at a business, by name."""
    return Membership.objects.filter(business=business).select_related("person").order_by("person__name", "pk")


def can_assign_role(by: Membership, *, role: str, billing: bool, documents: bool) -> bool:
    """Tell whether somebody may give a role and switches: owners anything, others nothing they don't have."""
    if by.role == Role.OWNER:
        return True
    wanted = {"billing": billing, "documents": documents}
    return role != Role.OWNER and all(getattr(by, area) or not wanted[area] for area in RESTRICTED_AREAS)


def can_change_member(by: Membership, member: Membership) -> bool:
    """Tell whether somebody may change or remove a member: only owners touch owners."""
    return by.role == Role.OWNER or member.role != Role.OWNER


@transaction.atomic
def change_member(*, by: Membership, member: Membership, role: Role, billing: bool, documents: bool) -> Membership:
    """Give a member another role and switches. Raises TeamChangeDenied and OwnerRequired."""
    member = _lock_member(by, member)
    kept = {area: getattr(member, area) for area in RESTRICTED_AREAS}
    # What they had already is not given now.
    new = {"billing": billing and not kept["billing"], "documents": documents and not kept["documents"]}
    if not can_assign_role(by, role=role, **new):
        raise TeamChangeDenied
    if role != Role.OWNER:
        _require_other_owner(member)
    member.role, member.billing, member.documents = role, billing, documents
    member.save(update_fields=["role", "billing", "documents"])
    return member


@transaction.atomic
def remove_member(*, by: Membership, member: Membership) -> None:
    """Take a member off the team and end all their sessions at once. Raises TeamChangeDenied and OwnerRequired."""
    member = _lock_member(by, member)
    _require_other_owner(member)
    member.delete()
    end_sessions(person_id=member.person_id)


def _lock_member(by: Membership, member: Membership) -> Membership:
    """Return the member as they are now, while nobody else changes this team."""
    Business.objects.select_for_update().get(pk=by.business_id)
    member = Membership.objects.select_related("person").get(pk=member.pk, business=by.business_id)
    if not can_change_member(by, member):
        raise TeamChangeDenied
    return member


def _require_other_owner(member: Membership) -> None:
    others = Membership.objects.filter(business=member.business_id, role=Role.OWNER).exclude(pk=member.pk)
    if member.role == Role.OWNER and not others.exists():
        raise OwnerRequired
