"""The members of a business, and the rules for changing and removing them."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import QuerySet

from tenants.business_locks import lock_business
from tenants.models import Business, Membership, Role
from tenants.staff.memberships import list_memberships
from tenants.staff.sessions import end_staff_sessions


class TeamChangeDenied(Exception):
    """A member tried to assign or change a role or area beyond their own."""


class OwnerRequired(Exception):
    """The change would leave the business without an owner."""


def list_members(business: Business) -> QuerySet[Membership]:
    """Return all members of a business, by name."""
    return Membership.objects.filter(business=business).select_related("person").order_by("person__name", "pk")


def can_assign_role(by: Membership, *, role: str, areas: Iterable[str]) -> bool:
    """Return whether a member may assign a role and areas: owners any, others no area they lack and no ownership."""
    return by.role == Role.OWNER or (role != Role.OWNER and set(areas) <= set(by.areas))


def can_change_member(by: Membership, member: Membership) -> bool:
    """Return whether a member may change or remove another: only owners may do so with owners."""
    return by.role == Role.OWNER or member.role != Role.OWNER


@transaction.atomic
def change_member(
    *, by: Membership, member: Membership, role: Role, areas: Collection[str], business_is_locked: bool = False
) -> Membership:
    """Change a member's role and areas. Raises TeamChangeDenied and OwnerRequired.

    `business_is_locked` says that the caller has locked the business's row in this transaction, and read the member
    after that.
    """
    member = member if business_is_locked else _lock_member(by, member)
    if not can_change_member(by, member):
        raise TeamChangeDenied
    # Only areas that the member doesn't have yet need the right to assign them.
    if not can_assign_role(by, role=role, areas=set(areas) - set(member.areas)):
        raise TeamChangeDenied
    if role != Role.OWNER:
        _require_other_owner(member)
    member.role, member.areas = role, sorted(areas)
    member.save(update_fields=["role", "areas"])
    return member


@transaction.atomic
def remove_member(*, by: Membership, member: Membership) -> None:
    """Remove a member. Whoever then works at no business at all is signed out everywhere.

    Their sessions otherwise go on for the other businesses; this one checks the membership at every request.
    Raises TeamChangeDenied and OwnerRequired.
    """
    member = _lock_member(by, member)
    if not can_change_member(by, member):
        raise TeamChangeDenied
    _require_other_owner(member)
    member.delete()
    if not list_memberships(member.person_id).exists():
        end_staff_sessions(person_id=member.person_id)


def _lock_member(by: Membership, member: Membership) -> Membership:
    """Lock the team against other changes and return the member's current row."""
    lock_business(by.business)
    return Membership.objects.select_related("person").get(pk=member.pk, business=by.business_id)


def _require_other_owner(member: Membership) -> None:
    others = Membership.objects.filter(business=member.business_id, role=Role.OWNER).exclude(pk=member.pk)
    if member.role == Role.OWNER and not others.exists():
        raise OwnerRequired
