#!/usr/bin/env python
"""Run Django's commands with Portico's settings: the environment's, else those of the demo that runs here."""

import json
import os
import sys
from pathlib import Path


def settings_of_running_demo() -> dict[str, str]:
    """Return the settings a running `make demo` has written down, or none."""
    home = Path(os.environ.get("PORTICO_HOME") or Path(__file__).parent / ".portico")
    try:
        return json.loads((home / "demo.json").read_text())["env"]
    except OSError:
        return {}


if __name__ == "__main__":
    if not os.environ.keys() & {"SECRET_KEY", "SECRET_KEY_FILE"}:
        os.environ |= settings_of_running_demo() | dict(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))
