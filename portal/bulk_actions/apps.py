"""The Django app of bulk actions on the client list, and what it adds elsewhere."""

from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import UrlInclude


class BulkActionsConfig(NounConfig):
    """Tagging, archiving and inviting many clients at once. It has no tables."""

    name = "portal.bulk_actions"

    console_urls = (UrlInclude("clients/", "portal.bulk_actions.console_urls"),)
