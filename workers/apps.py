"""Which app is this?"""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """The workers' commands; it has no tables."""

    name = "workers"
