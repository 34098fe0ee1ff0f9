"""The Django app of the timeline, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.activity.kinds import ActivityExportEvent
from tenants.nouns.api_declarations import ApiScope
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import MANAGING_ROLES, NavItem, Permission, UrlInclude


class ActivityConfig(NounConfig):
    """The append-only timeline."""

    name = "portal.activity"

    permissions = (Permission("activity.view", MANAGING_ROLES), Permission("activity.export", MANAGING_ROLES))
    console_urls = (UrlInclude("activity/", "portal.activity.console_urls"),)
    business_api_urls = (UrlInclude("activity/", "api.activity.urls"),)
    api_scopes = (
        ApiScope("activity:read", _("Read what your team did"), ("activity.view",)),
        ApiScope("activity:export", _("Export what your team did"), ("activity.export",)),
    )
    nav_items = (
        NavItem(label=_("Activity"), url_name="activity", icon="clock", permission="activity.view", position=80),
    )

    event_types = ActivityExportEvent
    event_areas = {"activity": _("Activity")}
    non_personal_event_keys = ("count",)
    event_presenter = "portal.activity.presenters.ActivityEventPresenter"
    personal_data = "portal.activity.personal_data.POLICIES"
    purges = ("portal.activity.purges.purge_entries_without_client",)
