"""Which app is this?"""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """What every page shares: decorators, sections, errors and translations."""

    name = "portal.ui"
    label = "ui"
