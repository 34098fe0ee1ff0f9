"""The configuration of the `profile` app."""

from django.apps import AppConfig


class ProfileConfig(AppConfig):
    """A business's settings for its portal, and the clients' own details."""

    name = "portal.profile"
    label = "profile"
