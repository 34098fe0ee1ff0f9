"""The configuration of the `ui` app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """What all pages share: decorators, sections, errors, colours and translations."""

    name = "portal.ui"
    label = "ui"
