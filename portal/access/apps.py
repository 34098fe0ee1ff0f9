"""Which app is this?"""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Signing in: challenges, codes, budgets and sessions."""

    name = "portal.access"
    label = "access"
