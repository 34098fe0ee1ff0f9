"""The texts that replace the placeholders of messages about appointments and offers."""

from collections.abc import Mapping
from typing import Any


def appointment_url(context: Mapping[str, Any]) -> str:
    """Return the address of the appointment in the portal; for whoever has no page there, that of the portal."""
    path = f"appointments/{context['appointment']}/" if context["appointment"] else ""
    return f"{context['portal_url']}{path}"


def offer_url(context: Mapping[str, Any]) -> str:
    """Return the address at which a client answers an offer, once they have signed in."""
    return f"{context['portal_url']}book/offers/{context['offer']}/"


def series_dates(context: Mapping[str, Any]) -> str:
    """Return the days and times of several appointments, one on each line."""
    return "\n".join(str(date) for date in context["dates"])
