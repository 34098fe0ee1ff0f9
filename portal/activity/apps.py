"""The Django app of the timeline."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """The append-only timeline."""

    name = "portal.activity"
    label = "activity"
