"""The configuration of the `demo` app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Two sample businesses with invented clients and history. It has no tables."""

    name = "portal.demo"
    label = "demo"
