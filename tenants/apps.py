"""Configures the app that holds what all businesses share."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """The public schema: businesses, hostnames, people and the delivery outbox."""

    name = "tenants"

    def ready(self):
        import tenants.checks
        import tenants.nouns.checks  # noqa: F401  (registers the system checks)
