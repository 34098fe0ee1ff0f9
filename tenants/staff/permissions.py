"""What a member of staff may do: the permissions that nouns declare, by role and area."""

from uuid import UUID

from tenants.models import Business, Membership
from tenants.nouns import registry
from tenants.roles import Role


def has_permission(membership: Membership, permission: str) -> bool:
    """Return whether a member has a permission. Raises KeyError for a permission that no noun declares."""
    declared = registry.get_declared_permissions()[permission]
    if membership.role not in declared.roles:
        return False
    area = declared.permission_area
    return membership.role == Role.OWNER or area not in registry.get_restricted_areas() or area in membership.areas


def has_person_permission(*, person_id: UUID, business: Business, permission: str) -> bool:
    """Return whether somebody, signed in or not, is an active member of a business and has a permission there."""
    membership = Membership.objects.filter(person=person_id, person__is_active=True, business=business).first()
    return membership is not None and has_permission(membership, permission)


def get_permissions(membership: Membership) -> dict[str, dict[str, bool]]:
    """Return all permissions of a member by area and action, for templates: `perms.clients.edit`."""
    permissions: dict[str, dict[str, bool]] = {}
    for permission in registry.get_declared_permissions():
        area, _dot, action = permission.partition(".")
        permissions.setdefault(area, {})[action] = has_permission(membership, permission)
    return permissions
