"""The scopes that a member can give to an API key, by noun, and what they are called."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from tenants.models import Membership
from tenants.nouns import registry
from tenants.nouns.api_declarations import ApiScope
from tenants.staff.permissions import has_permission

READ_SUFFIX = ":read"


@dataclass(frozen=True)
class ScopeGroup:
    """The scopes of one noun, under its name."""

    label: str | Promise
    scopes: tuple[ApiScope, ...]


def list_grantable_scopes(membership: Membership) -> list[str]:
    """Return the names of the scopes whose permissions a member has."""
    return [name for name, scope in registry.get_api_scopes().items() if can_grant_scope(membership, scope)]


def list_reading_scopes(membership: Membership) -> list[str]:
    """Return the names of the scopes that a member has and that change nothing."""
    return [name for name in list_grantable_scopes(membership) if name.endswith(READ_SUFFIX)]


def can_grant_scope(membership: Membership, scope: ApiScope) -> bool:
    """Return whether a member may do everything that a scope stands for."""
    return all(has_permission(membership, permission) for permission in scope.permissions)


def list_scope_groups(membership: Membership) -> list[ScopeGroup]:
    """Return the scopes that a member can give, by noun; a noun is called as on the Activity page."""
    groups = [
        ScopeGroup(
            next(iter(noun.event_areas.values()), noun.verbose_name),
            tuple(scope for scope in noun.api_scopes if can_grant_scope(membership, scope)),
        )
        for noun in registry.list_noun_configs()
    ]
    return [group for group in groups if group.scopes]


def list_scope_labels(names: Iterable[str]) -> list[str]:
    """Return what scopes are called; one that no noun declares any more has its name."""
    scopes = registry.get_api_scopes()
    return [str(scopes[name].label) if name in scopes else name for name in names]
