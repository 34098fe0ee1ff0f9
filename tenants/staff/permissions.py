"""The table of permissions and the roles that have them; what is not in it, nobody may do."""

from tenants.models import Membership, Role

_COLUMNS = {"o": Role.OWNER, "m": Role.MANAGER, "s": Role.STAFF, "r": Role.READ_ONLY}

# Each permission, and the roles that have it: owner, manager, staff, read-only.
_TABLE = """
    home.view           o m s r
    clients.view        o m s r
    clients.edit        o m s
    clients.export      o m
    clients.merge       o m
    clients.erase       o m
    uploads.run         o m
    support.view        o m s r
    support.send        o m s
    support.issue       o
    messages.view       o m s r
    messages.send       o m s
    templates.edit      o m
    portal.view         o m s r
    portal.demo         o m s
    portal.edit         o m
    portal.impersonate  o m
    activity.view       o m
    activity.export     o m
    team.view           o m s r
    team.manage         o m
    settings.edit       o m
    billing.view        o m s r
    billing.edit        o m s
    billing.export      o m
    billing.refund      o m
    documents.view      o m s r
    documents.edit      o m s
    documents.export    o m
"""
# In these areas a role counts only for members whose flag of the same name is set, and for owners.
RESTRICTED_AREAS = ("billing", "documents")

PERMISSION_ROLES: dict[str, frozenset[Role]] = {
    permission: frozenset(_COLUMNS[letter] for letter in letters)
    for permission, *letters in (line.split() for line in _TABLE.strip().splitlines())
}


def has_permission(membership: Membership, permission: str) -> bool:
    """Return whether a member has a permission. Raises KeyError for a permission that is not in the table."""
    if membership.role not in PERMISSION_ROLES[permission]:
        return False
    area = permission.partition(".")[0]
    return area not in RESTRICTED_AREAS or membership.role == Role.OWNER or getattr(membership, area)


def permissions_of(membership: Membership) -> dict[str, dict[str, bool]]:
    """Return all permissions of a member by area and action, for templates: `perms.clients.edit`."""
    permissions: dict[str, dict[str, bool]] = {}
    for permission in PERMISSION_ROLES:
        area, _dot, action = permission.partition(".")
        permissions.setdefault(area, {})[action] = has_permission(membership, permission)
    return permissions
