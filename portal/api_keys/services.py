"""Making, replacing and revoking API keys: recorded on the timeline, and told to the owners."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from portal.activity import services as activity
from portal.api_keys.kinds import ApiKeyEmail, ApiKeyEvent
from portal.api_keys.scopes import list_grantable_scopes
from portal.team.staff_emails import notify_owners
from tenants import api_keys
from tenants.api_keys import NewApiKey
from tenants.business_locks import lock_business
from tenants.models import ApiKey, Business, Membership
from tenants.nouns import registry
from tenants.staff.staff_actor import StaffActor

# Beyond any use, and few enough for one page.
MAX_KEYS = 50
MAX_LISTED_ENDED_KEYS = 50
OVERLAPS = (timedelta(hours=1), timedelta(hours=24), timedelta(days=7))


class ApiKeyRefused(Exception):
    """The key can't be made, replaced or revoked."""


class ScopeNotAllowed(ApiKeyRefused):
    """The key would be able to do what its maker may not."""


class TooManyApiKeys(ApiKeyRefused):
    """The business has as many keys as it may have."""


class ApiKeyExists(ApiKeyRefused):
    """The form was sent twice: its key has been made."""


class ApiKeyEnded(ApiKeyRefused):
    """The key has been replaced or revoked, or has expired."""


@dataclass(frozen=True)
class ApiKeyFields:
    """What a member decides about a key; `key_id` is of the form, by which a form that is sent twice makes one key."""

    key_id: UUID
    name: str
    scopes: tuple[str, ...]
    allowed_networks: tuple[str, ...] = ()
    expires_at: datetime | None = None


def query_usable_keys(business: Business, *, now: datetime) -> QuerySet[ApiKey]:
    """Return the keys of a business that programs can use, the newest first, each with its maker."""
    usable = Q(revoked_at=None, membership__person__is_active=True) & (Q(expires_at=None) | Q(expires_at__gt=now))
    return _query_keys(business).filter(usable)


def query_ended_keys(business: Business, *, now: datetime) -> QuerySet[ApiKey]:
    """Return the keys of a business that no longer work, the newest first, as many as a page shows."""
    usable = query_usable_keys(business, now=now).values("pk")
    return _query_keys(business).exclude(pk__in=usable)[:MAX_LISTED_ENDED_KEYS]


@transaction.atomic
def create_api_key(
    *, membership: Membership, staff: StaffActor | None, fields: ApiKeyFields, now: datetime
) -> NewApiKey:
    """Make a key, and mail the owners. Raises UnknownScope, ScopeNotAllowed, TooManyApiKeys and ApiKeyExists."""
    _check_new_key(membership, fields.key_id, fields.scopes, now=now)
    new = api_keys.create_api_key(
        key_id=fields.key_id,
        membership=membership,
        name=fields.name,
        scopes=fields.scopes,
        allowed_networks=fields.allowed_networks,
        expires_at=fields.expires_at,
        now=now,
    )
    after = {"scopes": new.key.scopes, "expires_at": new.key.expires_at and new.key.expires_at.isoformat()}
    _record_key_event(ApiKeyEvent.CREATED, new.key, staff, now, after=after)
    notify_owners(membership.business, ApiKeyEmail.CREATED, now=now, api_key=str(new.key.pk))
    return new


@transaction.atomic
def replace_api_key(
    *, key_id: UUID, new_id: UUID, membership: Membership, staff: StaffActor, overlap: timedelta, now: datetime
) -> NewApiKey:
    """Make a key like another, which works on until the overlap has passed, and mail the owners.

    Raises DoesNotExist, ApiKeyEnded, ScopeNotAllowed, TooManyApiKeys and ApiKeyExists.
    """
    key = _lock_key(membership.business, key_id)
    _check_new_key(membership, new_id, key.scopes, now=now)
    if key.replaced_by_id or not api_keys.is_key_usable(key, now=now):
        raise ApiKeyEnded
    new = api_keys.replace_api_key(key=key, new_id=new_id, membership=membership, overlap=overlap, now=now)
    _record_key_event(ApiKeyEvent.REPLACED, key, staff, now)
    notify_owners(membership.business, ApiKeyEmail.CREATED, now=now, api_key=str(new.key.pk))
    return new


@transaction.atomic
def revoke_api_key(*, key_id: UUID, business: Business, staff: StaffActor, now: datetime) -> ApiKey:
    """End a key at once. Raises DoesNotExist, and ApiKeyEnded if it was revoked already."""
    key = _lock_key(business, key_id)
    if not api_keys.revoke_api_key(key=key, now=now):
        raise ApiKeyEnded
    _record_key_event(ApiKeyEvent.REVOKED, key, staff, now)
    return key


def _query_keys(business: Business) -> QuerySet[ApiKey]:
    keys = ApiKey.objects.filter(business=business).select_related("membership__person")
    return keys.order_by("-created_at", "pk")


def _lock_key(business: Business, key_id: UUID) -> ApiKey:
    keys = ApiKey.objects.select_related("membership__person").select_for_update(no_key=True, of=("self",))
    return keys.get(business=business, pk=key_id)


def _check_new_key(membership: Membership, key_id: UUID, scopes: Iterable[str], *, now: datetime) -> None:
    """Check that a member may make a key with these scopes. The lock keeps two keys from being the last one both."""
    known = set(scopes) & set(registry.get_api_scopes())
    if known - set(list_grantable_scopes(membership)):
        raise ScopeNotAllowed
    lock_business(membership.business)
    if ApiKey.objects.filter(pk=key_id).exists():
        raise ApiKeyExists
    if query_usable_keys(membership.business, now=now).count() >= MAX_KEYS:
        raise TooManyApiKeys


def _record_key_event(
    event_type: ApiKeyEvent, key: ApiKey, staff: StaffActor | None, now: datetime, **data: Any
) -> None:
    actor = activity.get_actor_fields(staff) if staff else {}
    activity.record_event(
        event_type, at=now, subject_id=key.pk, key_name=key.name, beginning=key.beginning, **data, **actor
    )
