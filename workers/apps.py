"""The app that holds the workers' management commands."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """Registers the management commands of the workers; the app has no tables."""

    name = "workers"
