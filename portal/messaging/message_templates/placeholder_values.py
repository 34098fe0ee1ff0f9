"""The texts that replace the placeholders of messaging."""

from collections.abc import Mapping
from typing import Any

from portal.ui.formatting import datetime_with_zone


def business_name(context: Mapping[str, Any]) -> str:
    """Return the name of the business."""
    return context["business"].name


def portal_url(context: Mapping[str, Any]) -> str:
    """Return the address of the portal."""
    return context["portal_url"]


def sent_at(context: Mapping[str, Any]) -> str:
    """Return when the message was sent, in the business's time zone."""
    return datetime_with_zone(context["sent_at"], context["business"].time_zone)


def conversation_url(context: Mapping[str, Any]) -> str:
    """Return the address of the client's conversation in the portal."""
    return f"{context['portal_url']}messages/"
