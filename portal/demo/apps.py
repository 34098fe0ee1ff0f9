"""Which app is this?"""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Two believable businesses to look around in. It has no tables."""

    name = "portal.demo"
    label = "demo"
