"""Whose schema does this thread work in? `use_business()` is the only door."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.db import connection as proxy
from django_tenants.postgresql_backend.base import DatabaseWrapper, FakeTenant

from tenants.models import Business

# Each thread has a connection of its own behind this one name.
connection = cast(DatabaseWrapper, proxy)

PUBLIC = FakeTenant(schema_name="public")


@contextmanager
def use_business(business: Business) -> Iterator[Business]:
    """Work in one business's schema until the block ends, then go back to where we were.

    The search path itself is set by django-tenants with the next statement, so
    entering and leaving a business costs no round trip of its own.
    """
    try:
        with _use(business):
            yield business
    except Exception as error:
        # Whoever reports it does so after we have left, and wants to say where it happened.
        error.__dict__.setdefault("business_id", business.pk)
        raise


@contextmanager
def use_public() -> Iterator[None]:
    """Work in the public schema until the block ends, wherever we were before."""
    with _use(PUBLIC):
        yield


def current_business() -> Business | None:
    """Return the business whose schema this thread works in, or None in the public schema."""
    tenant = connection.tenant
    return tenant if isinstance(tenant, Business) else None


@contextmanager
def _use(tenant: Business | FakeTenant) -> Iterator[None]:
    before = connection.tenant
    if before.schema_name == tenant.schema_name:
        yield
        return
    connection.set_tenant(tenant)
    try:
        yield
    finally:
        connection.set_tenant(before)
