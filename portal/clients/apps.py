"""Which app is this?"""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """The client list: who a business knows and how to reach them."""

    name = "portal.clients"
    label = "clients"
