"""The configuration of the `demo` app."""

from tenants.nouns.app_config import NounConfig


class DemoConfig(NounConfig):
    """Two sample businesses with invented clients and history. It has no tables."""

    name = "portal.demo"
