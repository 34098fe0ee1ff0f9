"""The app configuration of sign-in support."""

from django.apps import AppConfig


class SigninSupportConfig(AppConfig):
    """Sign-in support: why a code did not arrive, and what staff do about it."""

    name = "portal.signin_support"
    label = "signin_support"
