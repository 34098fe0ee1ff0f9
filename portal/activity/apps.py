"""The Django app of the timeline."""

from tenants.nouns.config import NounConfig


class ActivityConfig(NounConfig):
    """The append-only timeline."""

    name = "portal.activity"
    label = "activity"

    personal_data = "portal.activity.personal_data.POLICIES"
    purges = ("portal.activity.purges.purge_entries_without_client",)
