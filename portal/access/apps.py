"""The Django app of signing in."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Challenges, codes, client sessions and impersonation sessions."""

    name = "portal.access"
    label = "access"
