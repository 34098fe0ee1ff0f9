"""Switches the current thread to a business's schema; `use_business()` is the only way to do so."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django_tenants.postgresql_backend.base import DatabaseWrapper, FakeTenant

from tenants.models import Business

Tenant = TypeVar("Tenant", Business, FakeTenant)

PUBLIC = FakeTenant(schema_name="public")


def use_business(business: Business) -> AbstractContextManager[Business]:
    """Work in one business's schema until the block ends, then switch back to the previous one.

    The database backend sets the search path with the next statement, so switching takes no round trip of its own.
    """
    return _TenantScope(business)


def use_public() -> AbstractContextManager[FakeTenant]:
    """Work in the public schema until the block ends, then switch back to the previous one."""
    return _TenantScope(PUBLIC)


def get_current_business() -> Business | None:
    """Return the business whose schema this thread uses, or None in the public schema."""
    tenant = _get_connection().tenant
    return tenant if isinstance(tenant, Business) else None


class _TenantScope(AbstractContextManager, Generic[Tenant]):
    """The scope of one block in a tenant's schema. It holds the previous tenant, where no other thread sees it.

    Every request enters two of these; as generator-based context managers they would take three times as long.
    """

    __slots__ = ("_connection", "_previous", "_tenant")

    def __init__(self, tenant: Tenant):
        self._tenant: Tenant = tenant

    def __enter__(self) -> Tenant:
        self._connection = _get_connection()
        self._previous = self._connection.tenant
        self._switch_schema(self._tenant)
        return self._tenant

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._switch_schema(self._previous)
        if isinstance(error, Exception) and isinstance(self._tenant, Business):
            # The error is reported after the block has ended, and the report names the business.
            error.__dict__.setdefault("business_id", self._tenant.pk)

    def _switch_schema(self, tenant: Business | FakeTenant) -> None:
        if self._previous.schema_name != self._tenant.schema_name:
            self._connection.set_tenant(tenant)


def _get_connection() -> DatabaseWrapper:
    """Return this thread's own connection."""
    return cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])
