"""Each role has the permissions that nouns declare for it."""

import pytest

from tenants.models import Membership, Role
from tenants.nouns import registry
from tenants.staff.permissions import get_permissions, has_permission
from tests.noun_apps import install_noun_apps, make_noun_app_with_areas

AREAS = ["billing", "documents"]
NOUN_WITH_AREAS = make_noun_app_with_areas(*AREAS)
PERMISSIONS = [*registry.get_declared_permissions(), *(permission.name for permission in NOUN_WITH_AREAS.permissions)]
ONLY_OWNERS = {"support.issue"}


@pytest.fixture(autouse=True)
def noun_with_areas():
    """A noun with restricted areas is installed besides the others."""
    with install_noun_apps(NOUN_WITH_AREAS):
        yield


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_an_owner_has_every_permission(permission):
    assert has_permission(Membership(role=Role.OWNER), permission)


@pytest.mark.parametrize("role", Role)
def test_no_role_has_more_permissions_than_the_role_above(role):
    ranks = list(Role)
    above = ranks[max(0, ranks.index(role) - 1)]
    for permission in PERMISSIONS:
        assert has_permission(Membership(role=above, areas=AREAS), permission) or not has_permission(
            Membership(role=role, areas=AREAS), permission
        )


def test_read_only_has_view_permissions_and_views_of_their_own_alone():
    reader = Membership(role=Role.READ_ONLY, areas=AREAS)
    assert {
        permission
        for permission in PERMISSIONS
        if has_permission(reader, permission) and not permission.endswith(".view")
    } == {"saved_views.edit"}


def test_only_owners_have_owner_permissions():
    manager = Membership(role=Role.MANAGER, areas=AREAS)
    assert {permission for permission in PERMISSIONS if not has_permission(manager, permission)} == ONLY_OWNERS


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.READ_ONLY])
def test_a_restricted_area_opens_only_to_those_who_were_granted_it(area, role):
    others = [other for other in AREAS if other != area]
    assert not has_permission(Membership(role=role, areas=others), f"{area}.view")
    assert has_permission(Membership(role=role, areas=[area]), f"{area}.view")


def test_a_granted_area_opens_no_more_than_the_role_does():
    assert not has_permission(Membership(role=Role.READ_ONLY, areas=AREAS), "billing.edit")


def test_an_unknown_permission_raises():
    with pytest.raises(KeyError):
        has_permission(Membership(role=Role.OWNER), "clients.invent")


def test_templates_read_the_same_permissions():
    may = get_permissions(Membership(role=Role.STAFF))
    assert (may["clients"]["edit"], may["clients"]["erase"], may["billing"]["view"]) == (True, False, False)
