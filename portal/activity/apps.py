"""The Django app of the timeline."""

from django.utils.translation import gettext_lazy as _

from portal.activity.kinds import ActivityEvent
from tenants.nouns.config import NounConfig


class ActivityConfig(NounConfig):
    """The append-only timeline."""

    name = "portal.activity"
    label = "activity"

    event_types = ActivityEvent
    event_areas = {"activity": _("Activity")}
    personal_data = "portal.activity.personal_data.POLICIES"
    purges = ("portal.activity.purges.purge_entries_without_client",)
