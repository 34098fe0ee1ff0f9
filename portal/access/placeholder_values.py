"""The texts that replace the placeholders of signing in."""

from collections.abc import Mapping
from typing import Any

from tenants import user_agents


def format_device(context: Mapping[str, Any]) -> str:
    """Return the name of the browser and the device, in the reader's language."""
    return user_agents.translate_user_agent_label(context["device"])
