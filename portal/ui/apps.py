"""The configuration of the `ui` app."""

from tenants.nouns.config import NounConfig


class UiConfig(NounConfig):
    """What all pages share: decorators, sections, errors, colours and translations."""

    name = "portal.ui"
    label = "ui"
