"""Which app is this?"""

from django.apps import AppConfig


class SigninSupportConfig(AppConfig):
    """Sign-in help: why a code did not arrive, and what staff do about it."""

    name = "portal.signin_support"
    label = "signin_support"
