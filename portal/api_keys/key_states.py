"""What has become of an API key, and what its maker may no longer do."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.api_keys.scopes import can_grant_scope, list_scope_labels
from tenants.models import ApiKey
from tenants.nouns import registry


class ApiKeyState(TextChoices):
    """Whether a key works, or why it doesn't."""

    ACTIVE = "active", _("Active")
    REPLACED = "replaced", _("Replaced")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    ORPHANED = "orphaned", _("Ended with its maker’s access")


@dataclass(frozen=True)
class ApiKeyDescription:
    """A key as the console lists it: its state, and what its scopes are called."""

    key: ApiKey
    state: ApiKeyState
    scope_labels: list[str]
    lost_scope_labels: list[str]

    @property
    def is_usable(self) -> bool:
        """Return whether programs can use the key now."""
        return self.state in (ApiKeyState.ACTIVE, ApiKeyState.REPLACED)


def describe_api_key(key: ApiKey, *, now: datetime) -> ApiKeyDescription:
    """Return a key as the console lists it. The key comes with its member and person."""
    state = get_api_key_state(key, now=now)
    lost = _list_lost_scopes(key) if state == ApiKeyState.ACTIVE else []
    return ApiKeyDescription(key, state, list_scope_labels(key.scopes), list_scope_labels(lost))


def get_api_key_state(key: ApiKey, *, now: datetime) -> ApiKeyState:
    """Return the state of a key; a replaced one works until it expires."""
    if key.revoked_at:
        return ApiKeyState.REVOKED
    if key.membership is None or not key.membership.person.is_active:
        return ApiKeyState.ORPHANED
    if key.expires_at and key.expires_at <= now:
        return ApiKeyState.EXPIRED
    return ApiKeyState.REPLACED if key.replaced_by_id else ApiKeyState.ACTIVE


def _list_lost_scopes(key: ApiKey) -> list[str]:
    """Return the scopes of a key that its maker may no longer use."""
    scopes = registry.get_api_scopes()
    assert key.membership, "a key without its maker is not active"
    return [name for name in key.scopes if name in scopes and not can_grant_scope(key.membership, scopes[name])]
