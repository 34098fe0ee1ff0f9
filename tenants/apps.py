"""Configures the app that holds what all businesses share."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class TenantsConfig(AppConfig):
    """The public schema: businesses, hostnames, people and the delivery outbox."""

    name = "tenants"

    def ready(self):
        from django_tenants.signals import tenant_delete_callback

        import tenants.checks
        import tenants.nouns.checks  # noqa: F401  (registers the system checks)

        # It drops the schemas of deleted businesses, which `auto_drop_schema` forbids. While anybody listens, Django
        # loads every row that it deletes.
        post_delete.disconnect(tenant_delete_callback)
