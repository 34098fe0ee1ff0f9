"""What a member of staff may do: the permissions that nouns declare, by role and area."""

from tenants.models import Membership
from tenants.nouns import registry
from tenants.roles import Role


def has_permission(membership: Membership, permission: str) -> bool:
    """Return whether a member has a permission. Raises KeyError for a permission that no noun declares."""
    declared = registry.get_declared_permissions()[permission]
    if membership.role not in declared.roles:
        return False
    area = declared.permission_area
    return membership.role == Role.OWNER or area not in registry.get_restricted_areas() or area in membership.areas


def get_permissions(membership: Membership) -> dict[str, dict[str, bool]]:
    """Return all permissions of a member by area and action, for templates: `perms.clients.edit`."""
    permissions: dict[str, dict[str, bool]] = {}
    for permission in registry.get_declared_permissions():
        area, _dot, action = permission.partition(".")
        permissions.setdefault(area, {})[action] = has_permission(membership, permission)
    return permissions
