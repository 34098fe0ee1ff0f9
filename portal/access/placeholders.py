"""The texts that replace the placeholders of signing in."""

from collections.abc import Mapping
from typing import Any

from portal.ui.templatetags.ui import device_label


def device(context: Mapping[str, Any]) -> str:
    """Return the name of the browser and the device, in the reader's language."""
    return device_label(context["device"])
