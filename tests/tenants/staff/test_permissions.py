"""Each role has the permissions that nouns declare for it."""

import pytest

from tenants.models import Membership, Role
from tenants.nouns import registry
from tenants.staff.permissions import get_permissions, has_permission, list_areas_needing_flag

PERMISSIONS = list(registry.permissions())
ONLY_OWNERS = {"support.issue"}


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_an_owner_has_every_permission(permission):
    assert has_permission(Membership(role=Role.OWNER), permission)


@pytest.mark.parametrize("role", Role)
def test_no_role_has_more_permissions_than_the_role_above(role):
    ranks = list(Role)
    above = ranks[max(0, ranks.index(role) - 1)]
    for permission in PERMISSIONS:
        on = {"billing": True, "documents": True}
        assert has_permission(Membership(role=above, **on), permission) or not has_permission(
            Membership(role=role, **on), permission
        )


def test_read_only_has_view_permissions_alone():
    reader = Membership(role=Role.READ_ONLY, billing=True, documents=True)
    assert {
        permission
        for permission in PERMISSIONS
        if has_permission(reader, permission) and not permission.endswith(".view")
    } == set()


def test_only_owners_have_owner_permissions():
    manager = Membership(role=Role.MANAGER, billing=True, documents=True)
    assert {permission for permission in PERMISSIONS if not has_permission(manager, permission)} == ONLY_OWNERS


@pytest.mark.parametrize("area", list_areas_needing_flag())
@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.READ_ONLY])
def test_a_restricted_area_opens_only_with_its_flag(area, role):
    assert not has_permission(Membership(role=role), f"{area}.view")
    assert has_permission(Membership(role=role, **{area: True}), f"{area}.view")


def test_an_unknown_permission_raises():
    with pytest.raises(KeyError):
        has_permission(Membership(role=Role.OWNER), "clients.invent")


def test_templates_read_the_same_permissions():
    may = get_permissions(Membership(role=Role.STAFF))
    assert (may["clients"]["edit"], may["clients"]["erase"], may["billing"]["view"]) == (True, False, False)
