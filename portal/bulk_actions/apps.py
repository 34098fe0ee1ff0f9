"""The Django app of bulk actions on the client list, and what it adds elsewhere."""

from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import UrlInclude


class BulkActionsConfig(NounConfig):
    """Tagging, archiving, restoring and inviting many clients at once. It has no tables."""

    name = "portal.bulk_actions"

    business_api_urls = (
        UrlInclude("clients/", "api.bulk_actions.urls"),
        UrlInclude("uploads/", "api.bulk_actions.upload_urls"),
    )
    console_urls = (UrlInclude("clients/", "portal.bulk_actions.console_urls"),)
