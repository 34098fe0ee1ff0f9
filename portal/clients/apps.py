"""The Django app for a business's clients."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Configures the app that holds clients, their contacts, tags, notes and uploads."""

    name = "portal.clients"
    label = "clients"
