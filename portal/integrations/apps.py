"""The Django app of what connects a business with other programs, and what it adds elsewhere."""

from tenants.nouns.app_config import NounConfig


class IntegrationsConfig(NounConfig):
    """Programs that use the API, and those that are told of events."""

    name = "portal.integrations"

    purges = ("portal.integrations.purges.purge_idempotent_requests",)
