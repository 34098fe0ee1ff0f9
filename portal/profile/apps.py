"""Which app is this?"""

from django.apps import AppConfig


class ProfileConfig(AppConfig):
    """How a business's portal looks and behaves."""

    name = "portal.profile"
    label = "profile"
