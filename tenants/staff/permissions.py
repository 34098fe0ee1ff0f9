"""What a member of staff may do: the permissions that nouns declare, by role and area."""

from functools import cache

from tenants.models import Membership
from tenants.nouns import registry
from tenants.roles import Role


@cache
def list_areas_needing_flag() -> tuple[str, ...]:
    """Return the areas in which a role counts only for members whose flag of the same name is set, and for owners."""
    areas = (permission.permission_area for permission in registry.permissions().values() if permission.needs_area_flag)
    return tuple(dict.fromkeys(areas))


def has_permission(membership: Membership, permission: str) -> bool:
    """Return whether a member has a permission. Raises KeyError for a permission that no noun declares."""
    declared = registry.permissions()[permission]
    if membership.role not in declared.roles:
        return False
    return (
        not declared.needs_area_flag or membership.role == Role.OWNER or getattr(membership, declared.permission_area)
    )


def get_permissions(membership: Membership) -> dict[str, dict[str, bool]]:
    """Return all permissions of a member by area and action, for templates: `perms.clients.edit`."""
    permissions: dict[str, dict[str, bool]] = {}
    for permission in registry.permissions():
        area, _dot, action = permission.partition(".")
        permissions.setdefault(area, {})[action] = has_permission(membership, permission)
    return permissions
