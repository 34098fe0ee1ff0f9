"""Which app is this?"""

from django.apps import AppConfig


class HelpConfig(AppConfig):
    """Sign-in help: why a code did not arrive, and what staff do about it."""

    name = "portal.help"
    label = "help"
