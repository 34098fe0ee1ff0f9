"""The greeting at the head of a home page."""

from django.utils.translation import gettext as _

from portal.ui.formatting import first_name


def build_greeting(name: str, *, hour: int) -> str:
    """Return the greeting for an hour of the day, with the person's first name if it is known."""
    greeting = _greet_by_hour(hour)
    return f"{greeting}, {first_name(name)}" if first_name(name) else greeting


def _greet_by_hour(hour: int) -> str:
    if hour < 5 or hour >= 18:
        return _("Good evening")
    return _("Good morning") if hour < 12 else _("Good afternoon")
